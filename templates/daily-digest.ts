import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import { actions, bullets, button, context, header, line, message, richText, section, words } from '#src/blocks/build.ts';
import { findingLine, footer, severityCounts, total } from '#src/blocks/phrases.ts';
import { code, counted, durationText, joined, md, moment, oneLine, ours, plainDay, sentence } from '#src/blocks/text.ts';
import type { Severity } from '#src/model/finding.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { TrackedFinding } from '#src/model/scan-record.ts';
import { SAMPLE_FINDING, SAMPLE_ROLE_FINDING } from './samples/scan.ts';

const LINES = 5;

/** Findings of one kind of change, counted, with the worst few. */
export interface DigestList {
  readonly count: number;
  readonly worst: readonly (TrackedFinding & { readonly cluster: string })[];
}

export interface DigestData {
  readonly name: string;
  /** When it was due and when it is made, ISO 8601. */
  readonly due: string;
  readonly made: string;
  /** When the one before was posted; absent for the first. */
  readonly since?: string;
  readonly fresh: DigestList;
  readonly worse: DigestList;
  readonly fixed: DigestList;
  readonly open: Readonly<Record<Severity, number>>;
  /** Open when last seen, not looked at since. */
  readonly hidden: number;
  readonly clusters: number;
  readonly scanned: number;
  /** What could not be looked at, as cluster and sentence. */
  readonly blindSpots: readonly { readonly cluster: string; readonly text: string }[];
}

const LATE_MS = 10 * 60_000;

/** What changed since the last digest, once a day. */
export const template = defineTemplate<DigestData>({
  name: 'daily-digest',
  summary: 'What is new, worse, fixed and still open since the last digest, and what could not be looked at.',
  samples: {
    normal: sample({
      fresh: { count: 1, worst: [{ ...SAMPLE_ROLE_FINDING, cluster: 'prod-eu' }] },
      fixed: { count: 4, worst: [{ ...SAMPLE_FINDING, state: 'fixed', cluster: 'prod-eu' }] },
      blindSpots: [{ cluster: 'dev-us', text: 'not scanned since Sun 22 Nov: the API server did not answer' }],
      scanned: 2,
    }),
    'nothing changed': sample({}),
    first: sample({ since: undefined }),
    late: sample({ made: '2026-11-23T09:40:00.000Z' }),
  },
  render: (data, { zone }) => {
    const title = headline(data);
    const day = plainDay({ at: new Date(data.due), zone });
    const late = Date.parse(data.made) - Date.parse(data.due);
    const lateness = late > LATE_MS ? [context(md`posted ${ours(durationText(late))} late: the bot was not running when it was due`)] : [];
    const quiet = data.since !== undefined && data.fresh.count + data.worse.count + data.fixed.count === 0 && data.blindSpots.length === 0;
    const foot = footer('digest', data.name, new Date(data.made));
    if (quiet) {
      const still = total(data.open) === 0 ? 'Nothing open.' : `${counted(total(data.open), 'finding')} open.`;
      return message(`k8ssec daily: no change. ${still}`, [
        context(md`*${ours(day)}:* no change since ${moment({ at: new Date(data.since ?? data.due) })}. ${data.scanned} of ${ours(counted(data.clusters, 'cluster'))} scanned. ${ours(still)}`),
        ...lateness,
        foot,
      ]);
    }
    const blocks: KnownBlock[] = [header(`${day}: ${title}`), ...lateness];
    if (data.since === undefined) blocks.push(section(md`*First digest:* what is open now is the starting point; from tomorrow only changes are listed.`));
    const lists = [...listed('New', data.fresh), ...listed('Worse', data.worse), ...listed('Fixed', data.fixed)];
    if (lists.length > 0) blocks.push(richText(...lists));
    blocks.push(context(stillOpen(data)));
    if (data.blindSpots.length > 0) blocks.push(section(blindSpots(data)));
    blocks.push(actions(button('All open', { command: 'findings', args: [] }), button('Status', { command: 'status', args: [] })), foot);
    return message(`k8ssec daily: ${title} in ${counted(data.clusters, 'cluster')}.`, blocks);
  },
});

function headline({ since, fresh, worse, fixed, open, blindSpots: blind }: DigestData): string {
  const missing = blind.length > 0 ? [counted(blind.length, 'blind spot')] : [];
  if (since === undefined) return [`${counted(total(open), 'finding')} open`, ...missing].join(', ');
  return [`${fresh.count} new`, ...(worse.count > 0 ? [`${worse.count} worse`] : []), `${fixed.count} fixed`, `${total(open)} open`, ...missing].join(', ');
}

function listed(title: string, { count, worst }: DigestList): readonly RichTextBlockElement[] {
  if (count === 0) return [];
  const shown = worst.slice(0, LINES);
  const more = count - shown.length;
  return [
    line(words(`${title} (${count})`, { bold: true })),
    bullets([
      ...shown.map((finding) => {
        const { type, elements } = findingLine(finding);
        return { type, elements: [words(`${oneLine(finding.cluster)}: `), ...elements] };
      }),
      ...(more > 0 ? [line(words(`and ${more.toLocaleString('en-US')} more`))] : []),
    ]),
  ];
}

function stillOpen({ open, hidden }: DigestData) {
  const counts = total(open) === 0 ? 'nothing' : severityCounts(open).replaceAll(', ', ' · ');
  const notSeen = hidden > 0 ? md` · ${hidden} not re-checked` : md``;
  return md`*Still open:* ${ours(counts)}${notSeen}`;
}

function blindSpots({ blindSpots: all }: DigestData) {
  const shown = all.slice(0, LINES).map(({ cluster, text }) => md`• ${code(cluster)}: ${sentence(text)}`);
  const more = all.length - shown.length;
  return md`*Blind spots (${all.length}):*\n${joined([...shown, ...(more > 0 ? [md`• and ${more} more: /k8ssec status`] : [])], '\n')}`;
}

function sample(change: { readonly [K in keyof DigestData]?: DigestData[K] | undefined }): DigestData {
  const none: DigestList = { count: 0, worst: [] };
  const base = {
    name: 'daily',
    due: '2026-11-23T09:00:00.000Z',
    made: '2026-11-23T09:00:01.000Z',
    since: '2026-11-22T09:00:00.000Z',
    fresh: none,
    worse: none,
    fixed: none,
    open: { critical: 1, high: 1, medium: 6, low: 12, info: 0 },
    hidden: 0,
    clusters: 3,
    scanned: 3,
    blindSpots: [],
    ...change,
  };
  const { since, ...rest } = base;
  return { ...rest, ...(since !== undefined && { since }) } as DigestData;
}
