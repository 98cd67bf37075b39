import { ANY_WORKLOAD, INTERNET, OUTSIDE, type MapMark, type MarkedLink, type ObservedLink, type ObservedStanding } from '#src/model/network-map.ts';
import type { MarkedPicture } from './compare.ts';

/** A workload, or several of one namespace that nothing on the map tells apart. */
export interface DrawnNode {
  readonly namespace: string;
  readonly workloads: readonly string[];
  readonly title: string;
  /** Short facts that are no arrows. */
  readonly notes: readonly string[];
  readonly isExposed: boolean;
  /** Any workload may connect to it. */
  readonly isOpen: boolean;
  readonly mark?: MapMark;
}

export interface DrawnEdge {
  /** Undefined for the internet. */
  readonly from: DrawnNode | undefined;
  readonly to: DrawnNode;
  /** Lines. */
  readonly label: readonly string[];
  /** `onward` leads on from a workload that the internet reaches. */
  readonly way: 'in' | 'closed' | 'onward' | 'inside';
  readonly mark?: MapMark;
}

/** What was observed between a workload and somewhere outside. */
export interface DrawnObservation {
  readonly node: DrawnNode;
  readonly remote: string;
  readonly direction: ObservedLink['direction'];
  readonly standing: ObservedStanding;
  readonly isNew: boolean;
  /** Lines. */
  readonly label: readonly string[];
}

/** What fits into a picture. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly observed: readonly DrawnObservation[];
  /** What does not: workloads by namespace, arrows, and what was observed. */
  readonly left: { readonly workloads: ReadonlyMap<string, number>; readonly edges: number; readonly observed: number };
}

export interface DrawingLimits {
  readonly nodes: number;
  readonly edges: number;
  readonly observed: number;
  /** Places outside. */
  readonly remotes: number;
}

/** About what can be read on a phone. */
export const PHONE: DrawingLimits = { nodes: 14, edges: 22, observed: 12, remotes: 8 };
const LABEL_PORTS = 2;
const LABEL_DOORS = 2;
const NAME = 26;
/** Kinds that go without saying. */
const USUAL_KINDS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const WAYS: readonly DrawnEdge['way'][] = ['in', 'closed', 'onward', 'inside'];

/** Takes together what is alike, and of the rest what matters most: ways in, then what has changed, then what leads on from there. */
export function summarize(picture: MarkedPicture, limits: DrawingLimits = PHONE): Drawing {
  const linksOf = incidence(picture.links);
  const watched = new Set((picture.observed ?? []).map(({ workload }) => workload));
  // What was observed is one workload's own.
  const groups = [...Map.groupBy(picture.workloads, (name) => (watched.has(name) ? name : likeness(name, linksOf.get(name) ?? [], picture))).values()];
  const nodes = groups.map((workloads) => nodeOf(workloads, linksOf.get(workloads[0] ?? '') ?? [], picture));
  const owner = new Map(nodes.flatMap((node) => node.workloads.map((name) => [name, node] as const)));
  const edges = edgesOf(picture.links, owner);
  const observed = observationsOf(picture.observed ?? [], owner);
  const ranked = rank(nodes, edges, observed);
  const kept = new Set(ranked.slice(0, limits.nodes));
  const fitting = edges.filter(({ from, to }) => (from === undefined || kept.has(from)) && kept.has(to));
  const shown = fitting.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, limits.edges);
  const seen = fittingObservations(observed, kept, limits);
  const left = { workloads: countByNamespace(ranked.slice(limits.nodes)), edges: edges.length - shown.length, observed: (picture.observed?.length ?? 0) - seen.length };
  return { nodes: [...kept].toSorted(byPlace), edges: shown, observed: seen, left };
}

function incidence(links: readonly MarkedLink[]): ReadonlyMap<string, readonly MarkedLink[]> {
  const byEnd = new Map<string, MarkedLink[]>();
  for (const link of links) {
    for (const end of new Set([link.from, link.to])) {
      const known = byEnd.get(end);
      if (known === undefined) byEnd.set(end, [link]);
      else known.push(link);
    }
  }
  return byEnd;
}

/** The same for workloads that may stand for each other. */
function likeness(name: string, links: readonly MarkedLink[], { marks }: MarkedPicture): string {
  const seen = links.map(({ from, to, ports, door, ranges, closed, mark }) => JSON.stringify([from === name ? [] : from, to === name ? [] : to, ports, door, ranges, closed, mark])).sort();
  return JSON.stringify([namespaceOf(name), marks.get(name), seen]);
}

function nodeOf(workloads: readonly string[], links: readonly MarkedLink[], { marks }: MarkedPicture): DrawnNode {
  const [first = ''] = workloads;
  const mark = marks.get(first);
  const current = links.filter((link) => link.mark !== 'gone');
  return {
    namespace: namespaceOf(first),
    workloads,
    title: titleOf(workloads),
    notes: notesOf(links, mark),
    isExposed: current.some(({ from, closed }) => from === INTERNET && closed === undefined),
    isOpen: current.some(({ from, ports }) => from === ANY_WORKLOAD && ports[0] === 'all'),
    ...(mark !== undefined && { mark }),
  };
}

/** `web`, `cart, orders`, `cart and 4 more` */
function titleOf([first = '', ...rest]: readonly string[]): string {
  const [second] = rest;
  if (second === undefined) return shortName(first);
  const pair = `${plainName(first)}, ${plainName(second)}`;
  return rest.length === 1 && pair.length <= NAME ? pair : `${plainName(first)} and ${rest.length} more`;
}

/** Of a new workload everything is new, which need not be said of each thing. */
function notesOf(links: readonly MarkedLink[], mark: MapMark | undefined): readonly string[] {
  const marked = (link: MarkedLink, text: string): string => (link.mark === undefined || link.mark === mark ? text : `${link.mark.toUpperCase()} ${text}`);
  const notes = links.flatMap((link) => {
    const isAll = link.ports[0] === 'all';
    const isChange = link.mark !== undefined && link.mark !== mark;
    if (link.from === ANY_WORKLOAD) return isAll && !isChange ? [] : [marked(link, `from any workload${portsAfter(link)}`)];
    if (link.to === ANY_WORKLOAD) return [marked(link, `to any workload${portsAfter(link)}`)];
    if (link.to === OUTSIDE) return isAll && link.ranges === undefined && !isChange ? [] : [marked(link, `to ${rangesText(link) ?? 'any address'}${portsAfter(link)}`)];
    return [];
  });
  const goesNowhere = mark !== 'gone' && !links.some(({ to, mark: change }) => to === OUTSIDE && change !== 'gone');
  return [...notes, ...(goesNowhere ? ['no way out of the cluster'] : [])];
}

function edgesOf(links: readonly MarkedLink[], owner: ReadonlyMap<string, DrawnNode>): readonly DrawnEdge[] {
  const drawn = links.flatMap((link) => {
    const from = owner.get(link.from);
    const to = owner.get(link.to);
    if (to === undefined || (from === undefined && link.from !== INTERNET)) return [];
    // Within what is drawn as one.
    return from === to ? [] : [{ link, from, to, way: wayOf(link, from) }];
  });
  const ids = new Map([...new Set(owner.values())].map((node, index) => [node, index]));
  const groups = Map.groupBy(drawn, ({ link, from, to, way }) => [from && ids.get(from), ids.get(to), way, link.mark].join());
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { from, to, way, link } = first;
    return [{ from, to, way, label: labelOf(group.map((one) => one.link)), ...(link.mark !== undefined && { mark: link.mark }) }];
  });
}

/** Of workloads that are there. */
function observationsOf(links: readonly ObservedLink[], owner: ReadonlyMap<string, DrawnNode>): readonly DrawnObservation[] {
  return links.flatMap(({ workload, remote, direction, standing, isNew, ports }) => {
    const node = owner.get(workload);
    return node === undefined ? [] : [{ node, remote, direction, standing, isNew, label: [standing, portsText(ports)] }];
  });
}

/** The first ones matter most; a further place outside takes more room than a further arrow. */
function fittingObservations(all: readonly DrawnObservation[], kept: ReadonlySet<DrawnNode>, limits: DrawingLimits): readonly DrawnObservation[] {
  const remotes = new Set<string>();
  const shown: DrawnObservation[] = [];
  for (const one of all) {
    if (shown.length === limits.observed) break;
    if (!kept.has(one.node) || (!remotes.has(one.remote) && remotes.size === limits.remotes)) continue;
    remotes.add(one.remote);
    shown.push(one);
  }
  return shown;
}

function wayOf({ closed }: MarkedLink, from: DrawnNode | undefined): DrawnEdge['way'] {
  if (from === undefined) return closed ? 'closed' : 'in';
  return from.isExposed ? 'onward' : 'inside';
}

/** The doors, or the ports of a connection inside. */
function labelOf(links: readonly MarkedLink[]): readonly string[] {
  const doors = links.filter(({ door }) => door !== undefined);
  const distinct = [...new Map(doors.map((link) => [link.door, link])).values()];
  if (distinct.length === 0) return [portsText([...new Set(links.flatMap(({ ports }) => ports))])];
  const shown = distinct.slice(0, LABEL_DOORS).flatMap((link) => [doorText(link.door ?? ''), [portsText(link.ports), rangesText(link)].filter((part) => part !== undefined).join(' from ')]);
  return [...shown, ...(distinct.length > LABEL_DOORS ? [`and ${distinct.length - LABEL_DOORS} more`] : [])];
}

/** `LoadBalancer web`: the arrow leads into the namespace. */
function doorText(door: string): string {
  const [kind = '', name = ''] = door.split(/ (?=\S*$)/);
  return `${clip(kind)} ${clip(name.slice(name.indexOf('/') + 1))}`;
}

function portsAfter({ ports }: MarkedLink): string {
  return ports[0] === 'all' ? '' : `, ${portsText(ports)}`;
}

function portsText(ports: readonly string[]): string {
  if (ports[0] === 'all') return 'all ports';
  const more = ports.length - LABEL_PORTS;
  return `${ports.slice(0, LABEL_PORTS).map((port) => port.replace('/', ' ').replace('1-65535', 'all')).join(', ')}${more > 0 ? ` +${more}` : ''}`;
}

function rangesText({ ranges }: MarkedLink): string | undefined {
  const [first, ...rest] = ranges ?? [];
  return first === undefined ? undefined : `${clip(first)}${rest.length > 0 ? ` +${rest.length}` : ''}`;
}

function rank(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[], observed: readonly DrawnObservation[]): readonly DrawnNode[] {
  const scores = new Map(nodes.map((node) => [node, (node.mark === undefined ? 0 : 1e5) + Math.min(node.workloads.length, 99)]));
  const add = (node: DrawnNode, score: number): void => {
    scores.set(node, (scores.get(node) ?? 0) + score);
  };
  for (const { from, to, way, mark } of edges) {
    const score = { in: 1e6, closed: 1e4, onward: 5e3, inside: 100 }[way] + (mark === undefined ? 0 : 1e5);
    add(to, score);
    if (from !== undefined) add(from, score);
  }
  for (const { node, standing, isNew } of observed) add(node, { denied: 2e5, pending: 2e5, unanswered: 5e3, learned: 100, approved: 100 }[standing] + (isNew ? 1e5 : 0));
  for (const node of nodes) if (node.notes.some((note) => /^(NEW|GONE) /.test(note))) add(node, 1e5);
  return nodes.toSorted((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || byPlace(a, b));
}

function urgency({ way, mark }: DrawnEdge): number {
  return WAYS.indexOf(way) - (mark === undefined ? 0 : 1.5);
}

function byPlace(a: DrawnNode, b: DrawnNode): number {
  return compareText(`${a.namespace} ${a.title}`, `${b.namespace} ${b.title}`);
}

function countByNamespace(nodes: readonly DrawnNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace, workloads } of nodes) counts.set(namespace, (counts.get(namespace) ?? 0) + workloads.length);
  return counts;
}

function namespaceOf(workload: string): string {
  return workload.slice(0, Math.max(0, workload.indexOf('/')));
}

/** `web`, `backup (CronJob)` */
function shortName(workload: string): string {
  const kind = workload.slice(workload.lastIndexOf('[') + 1, -1);
  return `${plainName(workload)}${USUAL_KINDS.has(kind) ? '' : ` (${kind})`}`;
}

function plainName(workload: string): string {
  return clip(workload.slice(workload.indexOf('/') + 1, workload.lastIndexOf('[')));
}

function clip(text: string): string {
  return text.length > NAME ? `${text.slice(0, NAME - 9)}…${text.slice(-8)}` : text;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
