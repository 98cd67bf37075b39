import { components } from '#src/facts/components.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes } from '#src/model/references.ts';

const FLAG = 'authorization-mode';
/** What an API server does that is told nothing. */
const DEFAULT = 'AlwaysAllow';

/** Reports each API server that lets everybody do everything, or asks neither RBAC nor who is a node. */
export const check = defineClusterCheck({
  id: 'access/apiserver-authorization-mode',
  title: 'The API server asks Node and RBAC who may do what',
  severity: 'critical',
  tips: [2],
  items: {
    'always-allow': { title: 'The API server does not allow everything', sources: [cis('1.2.6')] },
    'no-node': { title: 'The API server limits each kubelet to its own node', sources: [cis('1.2.7')] },
    'no-rbac': { title: 'The API server asks RBAC', severity: 'high', sources: [cis('1.2.8')] },
  },
  why: 'Without Node one broken node reads the Secrets of all others, without RBAC no role counts, and with AlwaysAllow everybody is administrator.',
  fix: 'Set --authorization-mode=Node,RBAC on the API server.',
  sources: [cis('1.2.6'), cis('1.2.7'), cis('1.2.8'), kubernetes('Authorization modes', 'reference/access-authn-authz/authorization/#authorization-modes')],
  needs: { components },
  *judge({ components }) {
    const servers = components.filter(({ name }) => name === 'kube-apiserver');
    if (servers.length === 0) yield { notEvaluated: 'no pod of an API server was read' };
    for (const { subject, container, path, flags } of servers) {
      const flag = flags.get(FLAG);
      if (flag === undefined && flags.has('authorization-config')) {
        yield { undecided: 'the modes are in a file of the control plane (--authorization-config)' };
        continue;
      }
      const modes = (flag?.value ?? DEFAULT).split(',').map((mode) => mode.trim());
      const about = { subject, container, path: flag?.path ?? path };
      const said = flag === undefined ? `--${FLAG} is not set, which means AlwaysAllow` : `--${FLAG} is ${flag.value}`;
      if (modes.includes('AlwaysAllow')) yield { ...about, item: 'always-allow', message: `Everybody may do everything: ${said}` };
      if (!modes.includes('Node')) yield { ...about, item: 'no-node', message: `Kubelets are not limited to their own node: ${said}` };
      if (!modes.includes('RBAC')) yield { ...about, item: 'no-rbac', message: `Roles and bindings do not count: ${said}` };
    }
  },
});
