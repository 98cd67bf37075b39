import type { KnownBlock } from '@slack/types';
import { bullets, context, header, line, message, richText, section, words } from '#src/blocks/build.ts';
import { code, counted, md, oneLine, ours } from '#src/blocks/text.ts';
import { connectionText, momentText, outcomeText } from '#src/model/connection-words.ts';
import type { Connection } from '#src/model/connection.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const LINES = 15;
const CLUSTERS = 5;

export type ShownConnection = Pick<Connection, 'key' | 'state' | 'count' | 'outcome' | 'lastSeen' | 'decision' | 'request'>;

export interface ConnectionsMessage {
  readonly clusters: readonly {
    readonly cluster: string;
    /** What waits for people first. */
    readonly connections: readonly ShownConnection[];
  }[];
}

const KEY: Connection['key'] = { cluster: 'prod-eu', direction: 'egress', workload: { namespace: 'shop', kind: 'Deployment', name: 'checkout' }, remote: { kind: 'name', name: 'api.stripe.com' }, port: 443, protocol: 'tcp' };

/** Who talks to whom outside, and what people decided about it. */
export const template = defineTemplate<ConnectionsMessage>({
  name: 'connections',
  summary: 'Connections of workloads with the outside, and how people have decided about them.',
  samples: {
    several: {
      clusters: [
        {
          cluster: 'prod-eu',
          connections: [
            { key: KEY, state: 'pending', count: 3, outcome: 'connected', lastSeen: '2026-11-24T09:05:00.000Z', request: 'r7k2m9' },
            { key: { ...KEY, remote: { kind: 'address', address: '2001:db8::1' }, port: 8443 }, state: 'denied', count: 1, outcome: 'dropped', lastSeen: '2026-11-24T08:05:00.000Z', request: 'r2b3c4', decision: { by: 'Bo', at: '2026-11-24T08:10:00.000Z', reason: 'unknown to the team' } },
            { key: { ...KEY, direction: 'ingress', remote: { kind: 'group', name: 'office' } }, state: 'learned', count: 1200, outcome: 'connected', lastSeen: '2026-11-24T09:00:00.000Z' },
          ],
        },
      ],
    },
    'nothing seen': { clusters: [{ cluster: 'prod-eu', connections: [] }] },
    'not watched': { clusters: [] },
  },
  render: ({ clusters }) => {
    if (clusters.length === 0) return message('The connections of no cluster are watched.', [section(md`The connections of no cluster are watched. Name clusters under ${code('connections')} in the configuration file, and connect a source of flows.`)]);
    const blocks = clusters.slice(0, CLUSTERS).flatMap(clusterBlocks);
    if (clusters.length > CLUSTERS) blocks.push(context(md`and ${clusters.length - CLUSTERS} more clusters: ${code('/k8ssec connections <cluster>')}`));
    const all = clusters.flatMap(({ connections }) => connections);
    const waiting = all.filter(({ state }) => state === 'pending' || state === 'new').length;
    return message(`${counted(all.length, 'connection')} with the outside, ${waiting} waiting for a decision.`, blocks);
  },
});

function clusterBlocks({ cluster, connections }: ConnectionsMessage['clusters'][number]): KnownBlock[] {
  const title = header(`${oneLine(cluster)}: ${counted(connections.length, 'connection')} with the outside`);
  if (connections.length === 0) return [title, context(ours('Nothing of the kind has been seen. Whether the sources of flows send is said by /k8ssec status.'))];
  const blocks: KnownBlock[] = [title, richText(bullets(connections.slice(0, LINES).map(connectionLine)))];
  if (connections.length > LINES) blocks.push(context(md`and ${connections.length - LINES} more: narrow it with ${code('--state')} or ${code('-n')}`));
  return blocks;
}

function connectionLine({ key, state, count, outcome, lastSeen, decision, request }: ShownConnection) {
  const by = decision === undefined ? '' : ` by ${oneLine(decision.by)}${decision.until === undefined ? '' : ` until ${momentText(decision.until)}`}`;
  const ask = state === 'pending' && request !== undefined ? ` (${request})` : '';
  return line(words(`${state}${by}${ask}  `, { bold: true }), words(oneLine(connectionText(key)), { code: true }), words(`  ${outcomeText(outcome)}, ${count.toLocaleString('en-US')} ×, last ${momentText(lastSeen)}`));
}
