import { controls, type Framework } from './framework.ts';

const URL = 'https://kubernetes.io/docs/concepts/security/pod-security-standards/';

/** The controls of both levels, by their names there. Whatever baseline asks for, restricted asks for as well. */
export const PSS: Framework = {
  id: 'pss',
  title: 'Pod Security Standards',
  version: 'v1.37',
  url: URL,
  sections: [
    {
      title: 'Baseline',
      controls: level('baseline', {
        HostProcess: 'No Windows container runs as a process of its node',
        'Host Namespaces': 'No pod shares network, processes or IPC of its node',
        'Privileged Containers': 'No container runs privileged',
        Capabilities: 'Only harmless capabilities are added',
        'HostPath Volumes': 'No volume is a folder of the node',
        'Host Ports': 'No container takes a port of its node',
        'Host Probes / Lifecycle Hooks': 'Probes and hooks call the pod itself',
        AppArmor: 'The AppArmor profile is not switched off',
        SELinux: 'SELinux gets a type for containers, no user and no role',
        '/proc Mount Type': 'The usual parts of /proc stay hidden',
        Seccomp: 'The seccomp profile is not switched off',
        Sysctls: 'Only sysctls that stay within the pod are set',
      }),
    },
    {
      title: 'Restricted',
      controls: level('restricted', {
        'Volume Types': 'Volumes are of the types that Kubernetes manages',
        'Privilege Escalation': 'No process gains more rights than its parent',
        'Running as Non-root': 'Containers say that they run as somebody other than root',
        'Running as Non-root user': 'No container asks for user 0',
        Seccomp: 'Every container has a seccomp profile',
        Capabilities: 'Every container drops all capabilities and adds none but NET_BIND_SERVICE',
        '/proc Mount Type': 'The usual parts of /proc stay hidden in user namespaces too',
      }),
    },
  ],
};

function level(name: 'baseline' | 'restricted', titles: Readonly<Record<string, string>>) {
  const named = Object.fromEntries(Object.entries(titles).map(([control, title]) => [`${name}: ${control}`, title]));
  return controls(named).map((control) => ({ ...control, url: `${URL}#${name}` }));
}
