import { actions, bullets, button, header, line, message, richText, section, words, type Message } from '#src/blocks/build.ts';
import { findingId, footer, objectText } from '#src/blocks/phrases.ts';
import { code, counted, cut, md, moment, oneLine, ours } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { NewEndpoint } from '#src/model/scan-record.ts';

/** More are counted. */
export const ENDPOINTS = 10;
const PATHS = 3;
const BUTTONS = 3;
const PATH = 200;
const OWNER = 60;

export interface NewPublicEndpoint {
  readonly cluster: string;
  readonly production: boolean;
  readonly scan: string;
  /** ISO 8601; when it was last seen what the internet reaches. */
  readonly since: string;
  readonly at: string;
  /** At most `ENDPOINTS`. */
  readonly workloads: readonly NewEndpoint[];
  readonly count: number;
}

const WEB: NewEndpoint = { object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }, finding: '3f9c01abd2e4f5061728', paths: ['internet → LoadBalancer shop/web → Deployment shop/web (3 pods)'], owner: 'team-shop' };
const API: NewEndpoint = { object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' }, finding: '7b2d90cce1a3f4052617', paths: ['internet → Ingress shop/api → Service shop/api → Deployment shop/api (2 pods)', 'internet → NodePort shop/api → Deployment shop/api (2 pods)'] };
const SAMPLE: NewPublicEndpoint = { cluster: 'prod-eu', production: true, scan: '3f9c01abd2', since: '2026-11-22T06:00:41.000Z', at: '2026-11-23T06:00:41.000Z', workloads: [WEB], count: 1 };

/** Told at once, beside the message of the scan. */
export const template = defineTemplate<NewPublicEndpoint>({
  name: 'new-public-endpoint',
  summary: 'What the internet has come to reach since a scan last saw all that it reaches (`exposure/new-public-endpoint`): the way to it, who owns it, and the finding. Posted at once, one message for a scan; never by the first scan, nor by one that could not look everywhere.',
  samples: {
    one: SAMPLE,
    several: { ...SAMPLE, production: false, workloads: [WEB, API], count: 2 },
    many: { ...SAMPLE, workloads: Array.from({ length: ENDPOINTS }, (_, index) => ({ ...API, finding: `${index}${API.finding.slice(1)}` })), count: 37 },
  },
  render,
});

function render({ cluster, production, scan, since, at, workloads, count }: NewPublicEndpoint): Message {
  const shown = workloads.slice(0, ENDPOINTS);
  const more = count - shown.length;
  const [first] = shown;
  const named = first === undefined || count !== 1 ? counted(count, 'workload') : objectText(first.object);
  return message(`The internet now reaches ${named} in ${oneLine(cluster)}: ${cut(oneLine(first?.paths[0] ?? ''), PATH)}`, [
    header(`New on the internet: ${counted(count, 'workload')}`),
    section(md`${code(cluster)}${ours(production ? ' (production)' : '')}: the internet reaches this since ${moment({ at: new Date(since) })}, and did not before. Take the way in away if nobody outside needs it.`),
    richText(bullets(shown.flatMap(linesOf)), ...(more > 0 ? [line(words(`and ${counted(more, 'more', 'more')}`))] : [])),
    actions(
      ...shown.slice(0, BUTTONS).map(({ object, finding }) => button(shown.length === 1 ? 'Details' : `Details: ${cut(oneLine(object.name), 14)}`, { command: 'explain', args: [findingId({ fingerprint: finding }), '--cluster', cluster] }, { label: `Details of ${findingId({ fingerprint: finding })}, ${objectText(object)}` })),
      button('Show the map', { command: 'map', args: [cluster] }),
    ),
    footer('scan', scan, new Date(at)),
  ]);
}

function linesOf({ finding, paths, owner }: NewEndpoint) {
  const more = paths.length - PATHS;
  const whose = owner === undefined ? 'no owner named' : `owner ${cut(oneLine(owner), OWNER)}`;
  return paths.slice(0, PATHS).map((path, index) =>
    line(
      words(cut(oneLine(path), PATH)),
      ...(index > 0 ? [] : [words(` · ${whose}${more > 0 ? ` · ${counted(more, 'more way')}` : ''}  `), words(findingId({ fingerprint: finding }), { code: true })]),
    ),
  );
}
