import { sshDoors, type ExposedDoor, type SshServer } from '#src/facts/ssh-doors.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { mitre, nsa } from '#src/model/references.ts';
import { SSH_PORT, UNPRIVILEGED_SSH_PORT } from '#src/model/ssh.ts';

/** Reports each workload and Service that opens a port for SSH, and each Service that shows an SSH server to the outside. */
export const check = defineClusterCheck({
  id: 'node/ssh-port',
  title: 'Nobody logs in to pods and nodes by SSH',
  severity: 'high',
  tips: [6],
  why: 'What happens in such a session is in no audit log, its keys are nobody\'s in Kubernetes, and no role ends it.',
  fix: 'Remove the SSH server; use kubectl exec or kubectl debug, which roles allow and the audit log shows.',
  sources: [nsa('Network separation and hardening: Worker node segmentation'), mitre('T1133')],
  needs: { sshDoors },
  *judge({ sshDoors: { ports, exposed, servers } }) {
    for (const { subject, container, fields, path } of ports) {
      const what = container === undefined ? 'It' : `Container ${container}`;
      yield { subject, ...(container !== undefined && { container }), path, message: `${what} opens the port of SSH: ${fields.join(' and ')} ${fields.length === 1 ? 'is' : 'are'} ${SSH_PORT}` };
    }
    for (const door of exposed) {
      const behind = servers.filter((server) => leadsTo(door, server)).map(({ subject }) => subject.ref);
      const [first] = behind;
      if (first === undefined) continue;
      yield { subject: door.subject, path: door.path, message: `It shows the SSH server of ${first.kind} ${first.name} to the outside (port ${UNPRIVILEGED_SSH_PORT})`, related: behind };
    }
  },
});

function leadsTo({ namespace, selects, target }: ExposedDoor, server: SshServer): boolean {
  const isPort = target === UNPRIVILEGED_SSH_PORT || (typeof target === 'string' && server.portNames.has(target));
  return isPort && namespace === server.namespace && selects(server.labels);
}
