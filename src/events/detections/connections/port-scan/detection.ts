import { defineStatefulDetection } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { objectKey, qualifiedName } from '#src/model/finding.ts';
import { nsa } from '#src/model/references.ts';
import { begins, workloadOf } from '../flow-names.ts';

/** Tells of each workload or remote that tries many addresses and ports in vain within a minute. */
export const detection = defineStatefulDetection({
  id: 'connections/port-scan',
  title: 'Somebody tried many ports in vain',
  severity: 'high',
  tips: [7],
  why: 'Programs know where to connect to; whoever tries everything is looking for a way on.',
  fix: 'Isolate the workload and find out what runs in it; block the address if it is outside.',
  sources: [nsa('Audit Logging and Threat Detection')],
  keeps: 'for each source the addresses and ports that it tried in vain within a minute, as many as the limit',
  start: () => createEventWindow({ windowMs: 60_000, distinct: true }),
  hubble: {
    *judge(flow, { settings }, window) {
      // A reset is the answer of whoever was asked: the scanner is the other end.
      const [from, to] = flow.reset && flow.reply === true ? [flow.destination, flow.source] : [flow.source, flow.destination];
      if (!(flow.reset && flow.reply === true) && !(flow.verdict === 'dropped' && begins(flow))) return;
      const workload = workloadOf(from);
      const key = workload === undefined ? from.address : objectKey(workload);
      if (key === undefined || to.port === undefined) return;
      const count = window.add(key, flow.timeMs, settings.thresholds.portsTried, `${to.address ?? ''} ${to.port}`);
      if (count === undefined) return;
      const who = workload === undefined ? key : qualifiedName(workload);
      yield { object: workload ?? null, message: `${who} tried ${count} different addresses and ports in vain within a minute`, group: workload === undefined ? [key] : [] };
    },
  },
});
