import type { KnownBlock, RichTextSection } from '@slack/types';
import { bullets, context, line, message, richText, section, words, type Message } from '#src/blocks/build.ts';
import { brief, code, counted, cut, md, moment, oneLine, ours, person, sentence, unixSeconds, utcText, type Mrkdwn } from '#src/blocks/text.ts';
import type { MapMark, MarkedLink, ObservedLink } from '#src/model/network-map.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const WAYS = 8;
const CHANGES = 8;
const CONNECTIONS = 12;
const OBSERVED = 5;
const PORTS = 3;
const END = 80;
const MARKS: Readonly<Record<MapMark, string>> = { new: 'NEW ', gone: 'GONE ' };

export interface MapMessage {
  readonly cluster: string;
  readonly namespace?: string;
  /** Who asked for it; absent for the daily one. */
  readonly person?: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why there is no map. */
  readonly failure?: { readonly reason: string; readonly reference?: string };
  readonly shown?: ShownMap;
}

export interface ShownMap {
  readonly workloads: number;
  /** Of these, how many any other may connect to. */
  readonly open: number;
  /** The first of the doors that let somebody in, and how many there are. */
  readonly waysIn: readonly MarkedLink[];
  readonly waysInCount: number;
  /** Doors that policies close. */
  readonly closedCount: number;
  /** Compared with this moment; absent without an earlier map. */
  readonly changes?: { readonly since: string; readonly freshCount: number; readonly goneCount: number; readonly links: readonly MarkedLink[] };
  /** The picture stands below. Otherwise connections that policies allow are listed here. */
  readonly hasPicture: boolean;
  readonly connections: readonly MarkedLink[];
  readonly connectionsCount: number;
  /** Policies that only network plugins read. */
  readonly unread: number;
  /** What the map says of connections that were observed. */
  readonly observedText: string;
  /** The first of them, and how many there are; what matters most comes first. */
  readonly observed: readonly ObservedLink[];
  readonly observedCount: number;
}

const SAMPLE: MapMessage = { cluster: 'prod-eu', person: 'U0ANN', at: '2026-11-23T08:00:41.000Z' };
const WEB: MarkedLink = { from: 'internet', to: 'shop/web[Deployment]', ports: ['TCP/8080'], door: 'Ingress shop/web' };
const GRAFANA: MarkedLink = { from: 'internet', to: 'monitoring/grafana[Deployment]', ports: ['TCP/3000'], door: 'LoadBalancer monitoring/grafana', ranges: ['203.0.113.0/24'], mark: 'new' };
const DATABASE: MarkedLink = { from: 'shop/web[Deployment]', to: 'shop/db[StatefulSet]', ports: ['TCP/5432'] };
const SHOWN: ShownMap = { workloads: 19, open: 11, waysIn: [GRAFANA, WEB], waysInCount: 2, closedCount: 1, hasPicture: true, connections: [], connectionsCount: 1, unread: 0, observedText: 'No connections are observed for this map.', observed: [], observedCount: 0 };
const STRIPE: ObservedLink = { workload: 'shop/web[Deployment]', direction: 'egress', remote: 'api.stripe.com', standing: 'approved', ports: ['TCP/443'], count: 1240, isNew: false };
const MINER: ObservedLink = { workload: 'shop/web[Deployment]', direction: 'egress', remote: '203.0.113.9', standing: 'pending', ports: ['TCP/4444'], count: 3, isNew: true };
const CALLER: ObservedLink = { workload: 'shop/db[StatefulSet]', direction: 'ingress', remote: '198.51.100.7', standing: 'denied', ports: ['TCP/5432'], count: 1, isNew: false };
const WATCHED = { observedText: 'Connections with the outside that were observed: 1 denied, 1 pending, 1 approved; 1 new since yesterday.', observed: [CALLER, MINER, STRIPE], observedCount: 3 };

/** The network map of a cluster in words, over the picture or instead of it. */
export const template = defineTemplate<MapMessage>({
  name: 'map',
  summary: 'The network map of a cluster: ways in from the internet and what has changed, over the picture or, where no files may be posted, instead of it.',
  samples: {
    first: { ...SAMPLE, shown: SHOWN },
    changed: { ...SAMPLE, namespace: 'shop', shown: { ...SHOWN, unread: 2, changes: { since: '2026-11-22T08:00:12.000Z', freshCount: 1, goneCount: 1, links: [GRAFANA, { ...DATABASE, mark: 'gone' }] } } },
    'no picture': { ...SAMPLE, shown: { ...SHOWN, hasPicture: false, connections: [DATABASE], changes: { since: '2026-11-22T08:00:12.000Z', freshCount: 0, goneCount: 0, links: [] } } },
    daily: { cluster: 'prod-eu', at: SAMPLE.at, shown: { ...SHOWN, ...WATCHED, changes: { since: '2026-11-22T08:00:12.000Z', freshCount: 1, goneCount: 0, links: [GRAFANA] } } },
    'observed, no picture': { ...SAMPLE, shown: { ...SHOWN, ...WATCHED, observedCount: 40, hasPicture: false, connections: [DATABASE] } },
    'nothing leads in': { ...SAMPLE, shown: { ...SHOWN, waysIn: [], waysInCount: 0, closedCount: 0 } },
    failed: { ...SAMPLE, failure: { reason: 'no permission to list networkpolicies', reference: '7f3a90' } },
  },
  render: (data) => (data.shown === undefined ? failed(data) : drawn(data, data.shown)),
});

function failed({ cluster, failure, ...data }: MapMessage): Message {
  const reason = brief(failure?.reason ?? 'nobody knows why');
  const end = reason.endsWith('?') ? '' : '.';
  return message(`No network map of ${brief(cluster)}: ${reason}${end}`, [
    section(md`*No network map of ${code(cluster)}* · ${why(data)}`),
    section(sentence(`${reason}${end}`)),
    ...(failure?.reference === undefined ? [] : [context(md`Reference for the logs: ${code(failure.reference)}.`)]),
  ]);
}

function drawn(data: MapMessage, shown: ShownMap): Message {
  const { cluster, namespace } = data;
  const { waysIn, waysInCount, changes, hasPicture } = shown;
  const ways = waysInCount === 0 ? 'no way in from the internet' : `${counted(waysInCount, 'way')} in from the internet`;
  const where = namespace === undefined ? md`` : md`, namespace ${code(namespace)}`;
  const blocks: KnownBlock[] = [section(md`*Network map of ${code(cluster)}${where}* · ${ours(ways)} · ${why(data)}`)];
  if (waysIn.length > 0) blocks.push(list('Ways in', waysIn, waysInCount, WAYS));
  if (changes !== undefined) blocks.push(...changeBlocks(changes));
  if (!hasPicture && shown.connections.length > 0) blocks.push(list('Connections that policies allow', shown.connections, shown.connectionsCount, CONNECTIONS));
  if (shown.observed.length > 0) blocks.push(observations(shown));
  blocks.push(...notes(data, shown));
  const changed = changes === undefined || changes.freshCount + changes.goneCount === 0 ? '' : `, ${changes.freshCount} new and ${changes.goneCount} gone`;
  return message(`Network map of ${brief(cluster)}${namespace === undefined ? '' : `, namespace ${brief(namespace)}`}: ${ways}${changed}.`, blocks);
}

function why({ person: asker }: Pick<MapMessage, 'person'>): Mrkdwn {
  return asker === undefined ? md`the daily map` : md`asked for by ${person(asker)}`;
}

function changeBlocks({ since, freshCount, goneCount, links }: NonNullable<ShownMap['changes']>): readonly KnownBlock[] {
  const day = new Date(since);
  if (links.length === 0) return [context(md`Nothing has changed since ${moment({ at: day })}.`)];
  const title = words(`${counted(freshCount, 'new connection')} and ${counted(goneCount, 'gone one')} since `, { bold: true });
  return [listUnder([title, { type: 'date', timestamp: unixSeconds(day), format: '{date_short_pretty}', fallback: utcText(day) }], links, freshCount + goneCount, CHANGES)];
}

function notes({ at }: MapMessage, { open, workloads, closedCount, hasPicture, unread, observedText }: ShownMap): readonly KnownBlock[] {
  const closed = closedCount === 0 ? md`` : md` Policies close ${ours(counted(closedCount, 'more door'))}.`;
  return [
    context(md`Any workload may connect to ${open} of ${ours(counted(workloads, 'workload'))}.${closed}`),
    ...(unread === 0 ? [] : [context(md`${ours(counted(unread, 'policy', 'policies'))} that are not read in full, such as those of Cilium and Calico, may close or open more than is shown.`)]),
    context(md`${moment({ at: new Date(at) })} · what Services, Ingresses and policies make possible. ${sentence(observedText)}${ours(hasPicture ? '' : ' No picture: the bot may not post files.')}`),
  ];
}

function observations({ observed, observedCount, hasPicture }: ShownMap): KnownBlock {
  const shown = observed.slice(0, hasPicture ? OBSERVED : CONNECTIONS);
  const more = observedCount - shown.length;
  const lines = shown.map(({ workload, direction, remote, standing, ports, isNew }) =>
    line(
      ...(isNew ? [words(MARKS.new, { bold: true })] : []),
      words(cut(oneLine(workload), END), { code: true }),
      words(` ${direction === 'egress' ? '→' : '←'} ${cut(oneLine(remote), END)} · ${ports.slice(0, PORTS).map((port) => cut(oneLine(port), END)).join(', ')} · ${standing}`),
    ),
  );
  return richText(line(words('Observed with the outside', { bold: true })), bullets(lines), ...(more > 0 ? [line(words(`and ${counted(more, 'more', 'more')}`))] : []));
}

function list(title: string, links: readonly MarkedLink[], count: number, most: number): KnownBlock {
  return listUnder([words(title, { bold: true })], links, count, most);
}

function listUnder(title: RichTextSection['elements'], links: readonly MarkedLink[], count: number, most: number): KnownBlock {
  const shown = links.slice(0, most);
  const more = Math.max(count, links.length) - shown.length;
  return richText(line(...title), bullets(shown.map(linkLine)), ...(more > 0 ? [line(words(`and ${counted(more, 'more', 'more')}`))] : []));
}

function linkLine({ from, to, ports, door, ranges = [], closed, mark }: MarkedLink): RichTextSection {
  const more = ports.length - PORTS;
  const [first, ...rest] = ranges;
  const facts = [
    `${ports[0] === 'all' ? 'all ports' : ports.slice(0, PORTS).map((port) => cut(oneLine(port), END)).join(', ')}${more > 0 ? ` and ${counted(more, 'more', 'more')}` : ''}`,
    ...(first === undefined ? [] : [`only ${cut(oneLine(first), END)}${rest.length > 0 ? ` and ${counted(rest.length, 'more range')}` : ''}`]),
    ...(closed === true ? ['closed by policies'] : []),
  ];
  return line(
    ...(mark === undefined ? [] : [words(MARKS[mark], { bold: true })]),
    words(cut(oneLine(door ?? from), END)),
    words(' → '),
    words(cut(oneLine(to), END), { code: true }),
    words(` · ${facts.join(' · ')}`),
  );
}
