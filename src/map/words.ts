import { ANY_WORKLOAD, INTERNET, type MarkedLink } from '#src/model/network-map.ts';
import type { MarkedPicture } from './compare.ts';
import type { Caption } from './frame.ts';
import { observedCounts } from './observed.ts';

/** Which map it is, and with which day it is compared. */
export interface MapTitle {
  readonly name: string;
  readonly namespace?: string;
  readonly at: Date;
  /** Moment of the earlier map; undefined when there is none that it can be compared with. */
  readonly since: Date | undefined;
}

/** Longest that Slack takes. */
const ALT_TEXT = 1000;
const ALT_WAYS = 6;
const ALT_OBSERVED = 3;
const POSSIBLE = 'What Services, Ingresses and network policies make possible.';

/** Doors of today that let somebody in, and those that policies close. */
export function waysIn({ links }: MarkedPicture): { readonly open: readonly MarkedLink[]; readonly closed: readonly MarkedLink[] } {
  const doors = links.filter(({ from, mark }) => from === INTERNET && mark !== 'gone');
  return { open: doors.filter(({ closed }) => closed === undefined), closed: doors.filter(({ closed }) => closed === true) };
}

/** How many workloads any other may connect to. */
export function openCount({ links }: MarkedPicture): number {
  return new Set(links.filter(({ from, ports, mark }) => from === ANY_WORKLOAD && ports[0] === 'all' && mark !== 'gone').map(({ to }) => to)).size;
}

/** How many there are today. */
export function workloadCount({ workloads, marks }: MarkedPicture): number {
  return workloads.filter((name) => marks.get(name) !== 'gone').length;
}

export function changes({ links }: MarkedPicture): { readonly fresh: readonly MarkedLink[]; readonly gone: readonly MarkedLink[] } {
  return { fresh: links.filter(({ mark }) => mark === 'new'), gone: links.filter(({ mark }) => mark === 'gone') };
}

export function captionOf(picture: MarkedPicture, title: MapTitle): Caption {
  return {
    title: `Network map · ${subject(title)}`,
    lines: [dayTime(title.at), `${POSSIBLE} ${observedText(picture)}`, ...comparison(picture, title), ...unreadNote(picture)],
  };
}

/** The picture for people who do not see it. */
export function altText(picture: MarkedPicture, title: MapTitle): string {
  const { open, closed } = waysIn(picture);
  const named = open.slice(0, ALT_WAYS).map(({ door = '', to, ports }) => `${door} to ${to} on ${ports.slice(0, 3).join(', ')}`);
  const more = open.length - named.length;
  const ways = open.length === 0 ? 'No way in from the internet.' : `${amount(open.length, 'way')} in from the internet: ${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
  const parts = [
    `Network map of ${subject(title)}, ${dayTime(title.at)}.`,
    ways,
    ...(closed.length > 0 ? [`Policies close ${amount(closed.length, 'more door')}.`] : []),
    `Any workload may connect to ${openCount(picture)} of ${amount(workloadCount(picture), 'workload')}.`,
    ...comparison(picture, title).map((line) => `${line}.`),
    `${POSSIBLE} ${observedText(picture)}`,
    ...namedObservations(picture),
  ];
  const text = parts.join(' ');
  return text.length > ALT_TEXT ? `${text.slice(0, ALT_TEXT - 1)}…` : text;
}

/** What the map holds besides what is possible. */
export function observedText({ observed }: Pick<MarkedPicture, 'observed'>): string {
  if (observed === undefined) return 'No connections are observed for this map.';
  return observed.length === 0 ? 'No connections with the outside were observed.' : `Connections with the outside that were observed: ${observedCounts(observed)}.`;
}

/** Those that somebody should look at. */
function namedObservations({ observed = [] }: MarkedPicture): readonly string[] {
  return observed
    .filter(({ standing }) => standing === 'denied' || standing === 'pending')
    .slice(0, ALT_OBSERVED)
    .map(({ workload, direction, remote, ports, standing }) => `${standing === 'denied' ? 'Denied' : 'Pending'}: ${workload} ${direction === 'egress' ? 'to' : 'from'} ${remote} on ${ports.slice(0, 3).join(', ')}.`);
}

function comparison(picture: MarkedPicture, { since }: MapTitle): readonly string[] {
  if (since === undefined) return [];
  const { fresh, gone } = changes(picture);
  return [`Compared with ${day(since)}: ${fresh.length + gone.length === 0 ? 'nothing has changed' : `${fresh.length} new, ${gone.length} gone`}`];
}

function unreadNote({ unread }: MarkedPicture): readonly string[] {
  if (unread === 0) return [];
  return [`${unread} ${unread === 1 ? 'policy' : 'policies'} that are not read in full, such as those of Cilium and Calico, may close or open more than is shown.`];
}

function subject({ name, namespace }: MapTitle): string {
  return namespace === undefined ? name : `${name}, namespace ${namespace}`;
}

function dayTime(at: Date): string {
  return `${day(at)}, ${at.toISOString().slice(11, 16)} UTC`;
}

function day(at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
}

function amount(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
