import { defineDetection } from '#src/model/detection.ts';
import { nsa } from '#src/model/references.ts';
import { silenceOf } from '../../silence.ts';

/** Tells when a source of connections stops saying anything for longer than it may, and of events that got lost. */
export const detection = defineDetection({
  id: 'connections/source-silent',
  title: 'A source of connections went silent',
  severity: 'high',
  tips: [7],
  why: 'What connects meanwhile is not seen: no new connection, no scan and no miner.',
  fix: 'Look at the pods of the source and at whatever sends what they say. Where events got lost, give the source more room, or let it say less.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: {
    silent: { title: 'A source of connections went silent' },
    lost: { title: 'Events of a source of connections got lost' },
  },
  feed: {
    *judge(state) {
      if (state.feed !== 'audit') yield* silenceOf(state, `the feed ${state.feed}`);
    },
  },
});
