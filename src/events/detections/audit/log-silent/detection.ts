import { defineDetection } from '#src/model/detection.ts';
import { nsa } from '#src/model/references.ts';
import { silenceOf } from '../../silence.ts';

/** Tells when the audit log of a cluster stops coming in although its API server answers, and of events that got lost. */
export const detection = defineDetection({
  id: 'audit/log-silent',
  title: 'The audit log went silent',
  severity: 'critical',
  tips: [8],
  why: 'Nobody sees what is done in the cluster. Whoever got so far turns the log off first; a change of the control plane or of the way to the bot does it too.',
  fix: 'Look at the audit settings of the API server and at whatever sends its log, and look elsewhere for what happened meanwhile.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: {
    silent: { title: 'The audit log went silent' },
    lost: { title: 'Events of the audit log got lost', severity: 'high' },
  },
  feed: {
    *judge(state) {
      if (state.feed === 'audit') yield* silenceOf(state, 'the audit log');
    },
  },
});
