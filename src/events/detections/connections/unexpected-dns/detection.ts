import { defineStatefulDetection } from '#src/model/detection.ts';
import { createEventWindow } from '#src/model/event-window.ts';
import { objectKey, qualifiedName } from '#src/model/finding.ts';
import type { Flow } from '#src/model/flow.ts';
import { nsa } from '#src/model/references.ts';
import { workloadOf } from '../flow-names.ts';

const MINUTES = 5;
const NO_SUCH_NAME = 3;
const LONG_LABEL = 52;
const LONG_NAME = 150;
/** Resolvers of pods try these first, mostly in vain. */
const OWN_SUFFIX = /(?:^|\.)(?:cluster\.local|svc|internal|in-addr\.arpa|ip6\.arpa)$/;

/** Tells of workloads that ask for names as somebody does who carries data out by DNS, or looks for a server of theirs. */
export const detection = defineStatefulDetection({
  id: 'connections/unexpected-dns',
  title: 'A workload asked for unusual names',
  severity: 'medium',
  tips: [7],
  why: 'Names carry data out past every firewall, and programs that look for their master ask for many that do not exist.',
  fix: 'Look at the names and at what runs in the workload; allow it only the names that it needs.',
  sources: [nsa('Audit Logging and Threat Detection')],
  items: {
    'long-name': { title: 'A workload asked for a very long name' },
    'many-names': { title: 'A workload asked for very many names below one domain' },
    'no-such-names': { title: 'A workload asked for very many names that do not exist' },
  },
  keeps: 'for each workload the names asked for within five minutes, as many as the limit',
  start: () => ({
    long: createEventWindow({ windowMs: MINUTES * 60_000 }),
    names: createEventWindow({ windowMs: MINUTES * 60_000, distinct: true }),
    missing: createEventWindow({ windowMs: MINUTES * 60_000, distinct: true }),
  }),
  hubble: {
    *judge(flow, { settings: { thresholds } }, { long, names, missing }) {
      const { dns, timeMs } = flow;
      const object = workloadOf(askerOf(flow));
      if (dns === undefined || object === undefined || OWN_SUFFIX.test(dns.name)) return;
      const domain = dns.name.split('.').slice(-2).join('.');
      const key = `${objectKey(object)} ${domain}`;
      const who = qualifiedName(object);
      const isLong = dns.name.length >= LONG_NAME || dns.name.split('.').some((label) => label.length >= LONG_LABEL);
      if (isLong && long.add(key, timeMs, 0) !== undefined) yield { object, item: 'long-name', message: `${who} asked for a name of ${dns.name.length} characters below ${domain}`, group: [domain] };
      const many = names.add(key, timeMs, thresholds.namesAsked, dns.name);
      if (many !== undefined) yield { object, item: 'many-names', message: `${who} asked for ${many} different names below ${domain} within ${MINUTES} minutes`, group: [domain] };
      if (dns.code !== NO_SUCH_NAME) return;
      const none = missing.add(objectKey(object), timeMs, thresholds.namesAsked, dns.name);
      if (none !== undefined) yield { object, item: 'no-such-names', message: `${who} asked for ${none} different names that do not exist within ${MINUTES} minutes` };
    },
  },
});

/** The answer of a name server tells the question again. */
function askerOf({ reply, source, destination }: Flow): Flow['source'] {
  return reply === true ? destination : source;
}
