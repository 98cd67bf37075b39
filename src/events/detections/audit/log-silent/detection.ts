import { defineDetection } from '#src/model/detection.ts';
import { nsa } from '#src/model/references.ts';
import { silenceOf } from '../../silence.ts';

/** Tells when the audit log of a cluster stops coming in although its API server answers, when parts of it stay out, when it is that of another cluster, and of events that got lost. */
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
    incomplete: { title: 'The audit log does not have everything any more', severity: 'high' },
    foreign: { title: 'The audit log of another cluster comes in as that of this one', severity: 'high' },
    lost: { title: 'Events of the audit log got lost', severity: 'high' },
  },
  feed: {
    *judge(state) {
      if (state.feed !== 'audit') return;
      yield* silenceOf(state, 'the audit log');
      const { missingSinceMs, foreign } = state;
      if (missingSinceMs !== undefined) {
        const since = new Date(missingSinceMs).toISOString();
        yield { item: 'incomplete', group: [since], message: `Other events come, but what the bot itself asks for in the cluster has not come back by the audit log since ${since.slice(0, 16).replace('T', ' ')} UTC` };
      }
      if (foreign !== undefined) yield { item: 'foreign', group: [foreign], message: `The audit log has requests that the bot made in the cluster ${foreign}` };
    },
  },
});
