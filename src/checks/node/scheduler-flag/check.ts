import { kubernetes } from '#src/model/references.ts';
import { defineFlagCheck, needsLoopback, needsSwitch } from '../flag-rows.ts';

const profiling = needsSwitch('profiling', false, true, 'It shows what it is doing inside to whoever may ask');

/** Reports what the flags of each scheduler leave open. */
export const check = defineFlagCheck({
  id: 'node/scheduler-flag',
  title: 'The flags of the scheduler are safe',
  tips: [6],
  component: 'kube-scheduler',
  called: 'a scheduler',
  rows: {
    profiling: {
      title: 'Profiling is off',
      severity: 'low',
      cis: '1.4.1',
      ...profiling,
      // The scheduler ignores the flag where it has a file.
      judge: (read, context) => (read('config') === undefined ? profiling.judge(read, context) : { undecided: 'whether profiling is on is said in a file of the control plane (--config)' }),
    },
    'bind-address': { title: 'It listens on its own node alone', severity: 'medium', cis: '1.4.2', ...needsLoopback('bind-address') },
  },
  why: 'The scheduler decides which node every pod gets to; its ports tell strangers about all of them.',
  fix: 'Set the flag that the finding names in the manifest of the scheduler, or in the configuration of the installer that writes it.',
  sources: [kubernetes('kube-scheduler', 'reference/command-line-tools-reference/kube-scheduler/')],
});
