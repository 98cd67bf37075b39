import type { KnownBlock } from '@slack/types';
import { bullets, context, header, line, message, richText, section, words } from '#src/blocks/build.ts';
import { code, counted, md, oneLine, ours } from '#src/blocks/text.ts';
import { connectionText, latestText, momentText, outcomeText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionCounts } from '#src/model/connection.ts';
import { defineTemplate } from '#src/model/outbox.ts';

/** Connections of a cluster that are shown. */
export const LINES = 15;
const CLUSTERS = 5;

export type ShownConnection = Pick<Connection, 'key' | 'state' | 'count' | 'outcome' | 'lastSeen' | 'sources' | 'decision' | 'request'>;

export interface ConnectionsMessage {
  readonly clusters: readonly {
    readonly cluster: string;
    /** How many there are of each state that was asked for. */
    readonly counts: Partial<ConnectionCounts>;
    /** What waits for people first, no more than are shown. */
    readonly latest: readonly ShownConnection[];
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
          counts: { pending: 1, new: 1, denied: 1, learned: 1 },
          latest: [
            { key: KEY, state: 'pending', count: 3, outcome: 'connected', lastSeen: '2026-11-24T09:05:00.000Z', sources: ['hubble'], request: 'r7k2m9' },
            { key: { ...KEY, remote: { kind: 'address', address: '2001:db8::1' }, port: 8443 }, state: 'denied', count: 1, outcome: 'dropped', lastSeen: '2026-11-24T08:05:00.000Z', sources: ['hubble', 'kubescape'], request: 'r2b3c4', decision: { by: 'Bo', at: '2026-11-24T08:10:00.000Z', reason: 'unknown to the team' } },
            { key: { ...KEY, direction: 'ingress', remote: { kind: 'group', name: 'office' } }, state: 'learned', count: 1200, outcome: 'connected', lastSeen: '2026-11-24T09:00:00.000Z', sources: ['hubble'] },
            { key: { ...KEY, remote: { kind: 'name', name: 'metrics.example.com' } }, state: 'new', count: 1, outcome: 'attempted', lastSeen: '2026-11-24T07:00:00.000Z', sources: ['kubescape'] },
          ],
        },
      ],
    },
    'nothing seen': { clusters: [{ cluster: 'prod-eu', counts: {}, latest: [] }] },
    'more than are shown': { clusters: [{ cluster: 'prod-eu', counts: { learned: 198_000, new: 2000 }, latest: Array.from({ length: LINES }, (_, index) => ({ key: { ...KEY, port: 8000 + index }, state: 'new', count: 1, outcome: 'attempted', lastSeen: '2026-11-24T09:05:00.000Z', sources: ['calico'] })) }] },
    'not watched': { clusters: [] },
  },
  render: ({ clusters }) => {
    if (clusters.length === 0) return message('The connections of no cluster are watched.', [section(md`The connections of no cluster are watched. Name clusters under ${code('connections')} in the configuration file, and connect a source of flows.`)]);
    const blocks = clusters.slice(0, CLUSTERS).flatMap(clusterBlocks);
    if (clusters.length > CLUSTERS) blocks.push(context(md`and ${clusters.length - CLUSTERS} more clusters: ${code('/k8ssec connections <cluster>')}`));
    const waiting = clusters.reduce((sum, { counts: { pending = 0, new: fresh = 0 } }) => sum + pending + fresh, 0);
    return message(`${counted(clusters.reduce((sum, { counts }) => sum + totalOf(counts), 0), 'connection')} with the outside, ${waiting.toLocaleString('en-US')} waiting for a decision.`, blocks);
  },
});

function clusterBlocks({ cluster, counts, latest }: ConnectionsMessage['clusters'][number]): KnownBlock[] {
  const total = totalOf(counts);
  const title = header(`${oneLine(cluster)}: ${counted(total, 'connection')} with the outside`);
  if (total === 0) return [title, context(ours('Nothing of the kind has been seen. Whether the sources of flows send is said by /k8ssec status.'))];
  const blocks: KnownBlock[] = [title, richText(bullets(latest.slice(0, LINES).map(connectionLine)))];
  if (total > LINES) blocks.push(context(md`and ${ours((total - LINES).toLocaleString('en-US'))} more: narrow it with ${code('--state')} or ${code('-n')}`));
  return blocks;
}

function totalOf(counts: Partial<ConnectionCounts>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function connectionLine(connection: ShownConnection) {
  const { key, state, decision, request } = connection;
  const by = decision === undefined ? '' : ` by ${oneLine(decision.by)}${decision.until === undefined ? '' : ` until ${momentText(decision.until)}`}`;
  const ask = state === 'pending' && request !== undefined ? ` (${request})` : '';
  return line(words(`${state}${by}${ask}  `, { bold: true }), words(oneLine(connectionText(key)), { code: true }), words(`  ${outcomeText(connection)}, ${latestText(connection)}`));
}
