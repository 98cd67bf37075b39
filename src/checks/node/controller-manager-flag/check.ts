import { kubernetes } from '#src/model/references.ts';
import { defineFlagCheck, listOf, needsAll, needsLoopback, needsSwitch } from '../flag-rows.ts';

const GC = 'terminated-pod-gc-threshold';
const GATES = 'feature-gates';

/** Reports what the flags of each controller manager leave open. */
export const check = defineFlagCheck({
  id: 'node/controller-manager-flag',
  title: 'The flags of the controller manager are safe',
  tips: [6],
  component: 'kube-controller-manager',
  called: 'a controller manager',
  rows: {
    'terminated-pod-gc': {
      title: 'Pods that have ended are cleaned up',
      severity: 'low',
      cis: '1.3.1',
      flags: [GC],
      judge(read) {
        const text = read(GC);
        if (text === undefined) return `Nobody has said how many ended pods are kept: --${GC} is not set, which means 12500`;
        return Number(text) > 0 ? undefined : `Pods that have ended are never cleaned up: --${GC} is ${text}`;
      },
    },
    profiling: { title: 'Profiling is off', severity: 'low', cis: '1.3.2', ...needsSwitch('profiling', false, true, 'It shows what it is doing inside to whoever may ask') },
    'service-account-credentials': {
      title: 'Each controller has rights of its own',
      severity: 'medium',
      cis: '1.3.3',
      ...needsSwitch('use-service-account-credentials', true, false, 'All controllers share the rights of the controller manager'),
    },
    'service-account-private-key': {
      title: 'Tokens of ServiceAccounts are signed with a key of their own',
      severity: 'high',
      cis: '1.3.4',
      ...needsAll(['service-account-private-key-file'], 'It signs no tokens of ServiceAccounts with a key of their own'),
    },
    'root-ca-file': { title: 'Pods get what they need to check the API server', severity: 'medium', cis: '1.3.5', ...needsAll(['root-ca-file'], 'Pods cannot check whom they talk to when they call the API server') },
    'rotate-kubelet-server-certificate': {
      title: 'Certificates of kubelets are renewed',
      severity: 'medium',
      cis: '1.3.6',
      flags: [GATES],
      judge: (read) => (listOf(read(GATES)).some((gate) => /^RotateKubeletServerCertificate=false$/i.test(gate)) ? `Certificates of kubelets are not renewed: --${GATES} has RotateKubeletServerCertificate=false` : undefined),
    },
    'bind-address': { title: 'It listens on its own node alone', severity: 'medium', cis: '1.3.7', ...needsLoopback('bind-address') },
  },
  why: 'The controller manager holds the key that signs tokens and may change everything in the cluster.',
  fix: 'Set the flag that the finding names in the manifest of the controller manager, or in the configuration of the installer that writes it.',
  sources: [kubernetes('kube-controller-manager', 'reference/command-line-tools-reference/kube-controller-manager/')],
});
