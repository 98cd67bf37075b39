import { classOf } from '#src/network/addresses.ts';
import { defineStatefulDetection } from '#src/model/detection.ts';
import { objectKey, qualifiedName } from '#src/model/finding.ts';
import type { FlowEnd } from '#src/model/flow.ts';
import { nsa } from '#src/model/references.ts';
import { createVolumeRanges } from '#src/model/volume-range.ts';
import { begins, workloadOf } from '../flow-names.ts';

const MEBIBYTE = 2 ** 20;

/** Tells of each workload that exchanges far more with a class of remotes than it ever did. */
export const detection = defineStatefulDetection({
  id: 'connections/unexpected-volume',
  title: 'A workload exchanges far more than it did on any day before',
  severity: 'medium',
  tips: [7],
  why: 'Data may be carried out, or the workload takes part in an attack on somebody; a new release or many more users look the same.',
  fix: 'Look at what the workload talks to and since when. Isolate it if nobody can explain it.',
  sources: [nsa('Network separation and hardening')],
  keeps: 'for each workload and class of remotes the highest ten minutes of each of the last seven days, for ten thousand of them; learning begins anew with each start of the bot',
  start: createVolumeRanges,
  hubble: {
    *judge(flow, { settings }, ranges) {
      const { source, destination, verdict, timeMs, connections, bytes = 0 } = flow;
      const object = workloadOf(source);
      if (object === undefined || timeMs === undefined || verdict === 'dropped' || !begins(flow)) return;
      const remotes = remoteClass(destination);
      const excess = ranges.add(JSON.stringify([objectKey(object), remotes]), timeMs, { connections, bytes }, settings.thresholds.volumeFactor);
      if (excess === undefined) return;
      const [count, unit] = excess.of === 'bytes' ? [MEBIBYTE, 'MiB'] : [1, 'connections'];
      const text = (amount: number) => Math.round(amount / count).toLocaleString('en-US');
      yield { object, group: [remotes, excess.of], message: `${qualifiedName(object)} has ${text(excess.now)} ${unit} within ten minutes with ${remotes}, again; at most ${text(excess.before)} on the days before` };
    },
  },
});

function remoteClass({ outside, address, pod, workload }: FlowEnd): string {
  if (outside === true) return 'what is outside of the cluster';
  if (pod !== undefined || workload !== undefined || outside === false) return 'the cluster';
  return address !== undefined && classOf(address) === 'public' ? 'what is outside of the cluster' : 'private addresses';
}
