import type { MapLink, MapMark, MarkedLink, NetworkPicture, ObservedLink } from '#src/model/network-map.ts';

/** A picture in which it is marked what was not possible before, and what is not any more. */
export interface MarkedPicture extends NetworkPicture {
  readonly links: readonly MarkedLink[];
  readonly marks: ReadonlyMap<string, MapMark>;
  /** Connections with the outside, what matters most first; absent where none are watched. */
  readonly observed?: readonly ObservedLink[];
}

/** Marks nothing without an earlier picture, nor where either of them is not whole. */
export function compareWith(before: NetworkPicture | undefined, now: NetworkPicture): MarkedPicture {
  if (!isComparable(before, now)) return { ...now, marks: new Map() };
  const [old, current] = [keysOf(before.links), keysOf(now.links)];
  const links: readonly MarkedLink[] = [
    ...now.links.map((link): MarkedLink => (old.has(keyOf(link)) ? link : { ...link, mark: 'new' })),
    ...before.links.filter((link) => !current.has(keyOf(link))).map((link): MarkedLink => ({ ...link, mark: 'gone' })),
  ];
  const [known, present] = [new Set(before.workloads), new Set(now.workloads)];
  const marks = new Map<string, MapMark>([
    ...now.workloads.filter((name) => !known.has(name)).map((name) => [name, 'new'] as const),
    ...before.workloads.filter((name) => !present.has(name)).map((name) => [name, 'gone'] as const),
  ]);
  return { ...now, workloads: [...now.workloads, ...before.workloads.filter((name) => !present.has(name))], links, marks };
}

export function isComparable(before: NetworkPicture | undefined, now: NetworkPicture): before is NetworkPicture {
  return before?.unlisted === 0 && now.unlisted === 0;
}

/** What concerns one namespace: its workloads, and those of others that have a connection with them. */
export function withinNamespace(picture: MarkedPicture, namespace: string): MarkedPicture {
  const isInside = (end: string): boolean => end.startsWith(`${namespace}/`);
  const links = picture.links.filter(({ from, to }) => isInside(from) || isInside(to));
  const ends = new Set(links.flatMap(({ from, to }) => [from, to]));
  const observed = picture.observed?.filter(({ workload }) => isInside(workload));
  return { ...picture, workloads: picture.workloads.filter((name) => isInside(name) || ends.has(name)), links, ...(observed !== undefined && { observed }) };
}

function keysOf(links: readonly MapLink[]): ReadonlySet<string> {
  return new Set(links.map(keyOf));
}

function keyOf({ from, to, ports, door = '', ranges = [], closed }: MapLink): string {
  return JSON.stringify([from, to, ports, door, ranges, closed === true]);
}
