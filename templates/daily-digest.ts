import type { KnownBlock, RichTextBlockElement } from '@slack/types';
import { actions, bullets, button, context, header, line, message, richText, section, words } from '#src/blocks/build.ts';
import { findingLine, footer, severityCounts, total } from '#src/blocks/phrases.ts';
import { brief, code, counted, durationText, joined, md, moment, ours, plainDay, sentence } from '#src/blocks/text.ts';
import type { Severity } from '#src/model/finding.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { TrackedFinding } from '#src/model/scan-record.ts';
import { SAMPLE_FINDING, SAMPLE_ROLE_FINDING } from './samples/scan.ts';

const LINES = 5;
/** People whose access is kept, in one line. */
const KEPT = 3;

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
  /** The day that it is for is a day there. */
  readonly zone: string;
  /** When the one before was posted; absent for the first. */
  readonly since?: string;
  readonly fresh: DigestList;
  readonly worse: DigestList;
  readonly fixed: DigestList;
  readonly open: Readonly<Record<Severity, number>>;
  /** Open when last seen, not looked at since. */
  readonly hidden: number;
  /** Clusters that are in it for the first time: their findings count as new from the next one on. */
  readonly started: readonly { readonly cluster: string; readonly open: number }[];
  readonly clusters: number;
  readonly scanned: number;
  /** Checks that were not evaluated, or only in part, in all clusters together. */
  readonly missed: number;
  /** Access that approvers keep although its removal was asked for, each without a full stop; absent where there is none. */
  readonly kept?: { readonly count: number; readonly first: readonly string[] };
  /** What could not be looked at, as cluster and sentence, and since when where that is known; of some checks alone, or of the whole cluster. */
  readonly blindSpots: readonly { readonly cluster: string; readonly text: string; readonly since?: string; readonly isOfChecks?: boolean }[];
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
      blindSpots: [{ cluster: 'dev-us', text: 'not scanned', since: '2026-11-21T08:00:41.000Z' }, { cluster: 'prod-eu', text: 'no permission to list nodes: 3 checks not evaluated', isOfChecks: true }],
      missed: 3,
      scanned: 2,
    }),
    'nothing changed': sample({}),
    'nothing changed, and not all seen': sample({ blindSpots: [{ cluster: 'prod-eu', text: 'no allowed registries are configured: workload/image-registry-not-allowed', isOfChecks: true }], missed: 1 }),
    'nothing changed, access kept': sample({ kept: { count: 6, first: ['Bob Brown (bob@corp.example): kept until 2027-02-21, said Bo on 2026-11-23 (r7k2m9): “on parental leave”'] } }),
    'a cluster more': sample({ started: [{ cluster: 'dev-us', open: 41 }] }),
    first: sample({ since: undefined }),
    late: sample({ made: '2026-11-23T09:40:00.000Z' }),
  },
  render: (data) => {
    const title = headline(data);
    const day = plainDay({ at: new Date(data.due), zone: data.zone });
    const late = Date.parse(data.made) - Date.parse(data.due);
    const lateness = late > LATE_MS ? [context(md`posted ${ours(durationText(late))} late: the bot was not running when it was due`)] : [];
    const foot = footer('digest', data.name, new Date(data.made));
    if (isQuiet(data)) {
      const still = total(data.open) === 0 ? `${data.missed > 0 ? 'Nothing found in what could be checked' : 'Nothing open'}.` : `${counted(total(data.open), 'finding')} open.`;
      const missing = data.missed > 0 ? ` ${counted(data.missed, 'check')} not evaluated.` : '';
      return message(`k8ssec digest: no change in ${counted(data.clusters, 'cluster')}. ${still}${missing}`, [
        context(md`*${ours(day)}:* no change since ${moment({ at: new Date(data.since ?? data.due) })}. ${data.scanned} of ${ours(counted(data.clusters, 'cluster'))} scanned. ${ours(still)}${ours(missing)}`),
        ...lateness,
        ...keptText(data),
        foot,
      ]);
    }
    const blocks: KnownBlock[] = [header(`${day}: ${title}`), ...lateness];
    if (data.since === undefined) blocks.push(section(md`*First digest:* what is open now is the starting point; the next ones list changes only.`));
    else blocks.push(...data.started.slice(0, LINES).map(({ cluster, open }) => context(md`${code(cluster)} is in this digest for the first time: ${ours(counted(open, 'open finding'))} are where it starts from`)));
    const lists = [...listed('New', data.fresh), ...listed('Worse', data.worse, worseMark), ...listed('Fixed', data.fixed)];
    if (lists.length > 0) blocks.push(richText(...lists));
    blocks.push(context(stillOpen(data)), ...keptText(data));
    if (data.blindSpots.length > 0) blocks.push(section(blindSpots(data)));
    blocks.push(actions(button('All open', { command: 'findings', args: [] }), button('Status', { command: 'status', args: [] })), foot);
    return message(`k8ssec digest: ${title} in ${counted(data.clusters, 'cluster')}.`, blocks);
  },
});

/** One line is enough: what could not be looked at is in it as a number. */
function isQuiet({ since, fresh, worse, fixed, hidden, started, blindSpots: blind }: DigestData): boolean {
  return since !== undefined && fresh.count + worse.count + fixed.count + hidden + started.length === 0 && blind.every(({ isOfChecks = false }) => isOfChecks);
}

function headline({ since, fresh, worse, fixed, open, blindSpots: blind }: DigestData): string {
  const missing = blind.length > 0 ? [counted(blind.length, 'blind spot')] : [];
  if (since === undefined) return [`${counted(total(open), 'finding')} open`, ...missing].join(', ');
  const counts = [[fresh.count, 'new'], [worse.count, 'worse'], [fixed.count, 'fixed'], [total(open), 'open']] as const;
  return [...counts.filter(([count, what]) => count > 0 || what !== 'worse').map(([count, what]) => `${count.toLocaleString('en-US')} ${what}`), ...missing].join(', ');
}

function worseMark({ worseSince }: TrackedFinding): string | undefined {
  return worseSince === undefined ? undefined : `(was ${worseSince.before})`;
}

function listed(title: string, { count, worst }: DigestList, markOf?: (finding: TrackedFinding) => string | undefined): readonly RichTextBlockElement[] {
  if (count === 0) return [];
  const shown = worst.slice(0, LINES);
  const more = count - shown.length;
  return [
    line(words(`${title} (${count.toLocaleString('en-US')})`, { bold: true })),
    bullets([
      ...shown.map((finding) => findingLine(finding, { cluster: finding.cluster, mark: markOf?.(finding) })),
      ...(more > 0 ? [line(words(`and ${more.toLocaleString('en-US')} more`))] : []),
    ]),
  ];
}

function stillOpen({ open, hidden }: DigestData) {
  const counts = total(open) === 0 ? 'nothing' : severityCounts(open).replaceAll(', ', ' · ');
  const notSeen = hidden > 0 ? md` · ${hidden} not re-checked` : md``;
  return md`*Still open:* ${ours(counts)}${notSeen}`;
}

/** A risk that somebody has taken on is not forgotten over it. */
function keptText({ kept }: DigestData): readonly KnownBlock[] {
  if (kept === undefined) return [];
  const shown = kept.first.slice(0, KEPT).map((text) => sentence(brief(text)));
  const more = kept.count - shown.length;
  return [context(md`*Access kept by approvers (${kept.count}):* ${joined([...shown, ...(more > 0 ? [md`${more} more: ${code('/k8ssec users')}`] : [])], ' · ')}`)];
}

function blindSpots({ blindSpots: all }: DigestData) {
  const shown = all.slice(0, LINES).map(({ cluster, text, since }) => {
    const when = since === undefined ? md`` : md` since ${moment({ at: new Date(since) })}`;
    return md`• ${code(cluster)}: ${sentence(brief(text))}${when}`;
  });
  const more = all.length - shown.length;
  return md`*Blind spots (${all.length}):*\n${joined([...shown, ...(more > 0 ? [md`• and ${more} more: ${code('/k8ssec status')}`] : [])], '\n')}`;
}

function sample(change: { readonly [K in keyof DigestData]?: DigestData[K] | undefined }): DigestData {
  const none: DigestList = { count: 0, worst: [] };
  const base = {
    name: 'daily',
    due: '2026-11-23T09:00:00.000Z',
    made: '2026-11-23T09:00:01.000Z',
    zone: 'UTC',
    since: '2026-11-22T09:00:00.000Z',
    fresh: none,
    worse: none,
    fixed: none,
    open: { critical: 1, high: 1, medium: 6, low: 12, info: 0 },
    hidden: 0,
    started: [],
    clusters: 3,
    scanned: 3,
    missed: 0,
    blindSpots: [],
    ...change,
  };
  const { since, ...rest } = base;
  return { ...rest, ...(since !== undefined && { since }) } as DigestData;
}
