import type { KnownBlock } from '@slack/types';
import { bullets, context, header, line, message, richText, section, words } from '#src/blocks/build.ts';
import { nameList, nothingOpen, severityCounts, total } from '#src/blocks/phrases.ts';
import { brief, code, counted, cut, joined, md, moment, oneLine, ours, sentence, utcText, type Mrkdwn } from '#src/blocks/text.ts';
import type { Severity } from '#src/model/finding.ts';
import type { HealthReport } from '#src/model/health.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const CLUSTERS = 20;
const SOURCES = 10;
/** What a source answered, when it began and what follows from it. */
const SOURCE_TEXT = 400;

export interface ClusterStatus {
  readonly name: string;
  readonly production: boolean;
  readonly scannedAt?: string;
  /** No scan has looked at the whole of it. */
  readonly isPartial?: boolean;
  readonly version?: string;
  readonly open?: Readonly<Record<Severity, number>>;
  /** Checks that ran when last asked to, and those that could not. */
  readonly checks: number;
  readonly missed: number;
  readonly hidden: number;
  /** State of the scan under way. */
  readonly scanning?: string;
}

/** Why approvers could not be asked to take away what people do not need any more. */
export interface Hindrance {
  readonly cluster: string;
  /** Whose access waits for that. */
  readonly people: number;
  /** Without a full stop. */
  readonly why: string;
  /** When it is tried again, ISO 8601. */
  readonly nextAt: string;
}

export interface StatusMessage {
  readonly clusters: readonly ClusterStatus[];
  readonly hindrances: readonly Hindrance[];
  readonly health: HealthReport;
}

const HEALTHY: HealthReport = {
  slack: 'ok',
  queue: { waiting: 0, active: 1, delayed: 0, failed: 0 },
  unsent: 0,
  maybeDouble: 0,
  failed: 0,
  people: [
    { ok: true, text: 'okta: 412 people, 10 min ago' },
    { ok: true, text: 'staff: 398 people, 10 min ago, written 3 days ago' },
  ],
  leavers: [],
  events: [{ cluster: 'prod-eu', ok: true, text: 'prod-eu audit: 12,345 events today, last 1 s ago' }],
  undecided: 2,
  notTakenBack: 0,
  limits: [],
};

/** How the clusters and the bot itself are. */
export const template = defineTemplate<StatusMessage>({
  name: 'status',
  summary: 'Each cluster with its last scan and what could be looked at, and how the bot itself is.',
  samples: {
    healthy: {
      hindrances: [],
      clusters: [
        { name: 'prod-eu', production: true, scannedAt: '2026-11-23T08:00:41.000Z', version: 'v1.34', open: { critical: 1, high: 1, medium: 6, low: 12, info: 0 }, checks: 74, missed: 0, hidden: 0 },
        { name: 'stage-eu', production: false, scannedAt: '2026-11-23T08:00:41.000Z', isPartial: true, version: 'v1.34', open: { critical: 0, high: 1, medium: 0, low: 0, info: 0 }, checks: 20, missed: 54, hidden: 0 },
        { name: 'dev-us', production: false, checks: 0, missed: 0, hidden: 0 },
      ],
      health: HEALTHY,
    },
    troubled: {
      hindrances: [{ cluster: 'prod-eu', people: 3, why: 'Could not look at rolebindings in prod-eu: no permission to list rolebindings', nextAt: '2026-11-23T10:05:00.000Z' }],
      clusters: [{ name: 'prod-eu', production: true, scannedAt: '2026-11-23T08:00:41.000Z', version: 'v1.34', open: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, checks: 70, missed: 4, hidden: 3, scanning: 'running' }],
      health: {
        slack: 'degraded',
        slackProblem: 'Slack has not answered for 2 min',
        queue: { waiting: 3, active: 2, delayed: 1, failed: 1 },
        unsent: 4,
        maybeDouble: 1,
        failed: 1,
        people: [
          { ok: true, text: 'okta: 412 people, 10 min ago' },
          { ok: false, text: 'github: forbidden: GitHub forbids this (HTTP 403); needed: the permission Members: read — began 3 hours ago, last whole answer 26 hours ago, nobody is taken for departed meanwhile' },
          { ok: false, text: 'staff: not asked yet' },
        ],
        leavers: ['Bob Example (U0BOB) has left and still decides requests: remove them under approvals'],
        events: [
          { cluster: 'prod-eu', ok: false, text: 'prod-eu audit: 12,345 events today, SILENT for 3 h, 4 malformed, 1 lost' },
          { cluster: 'prod-eu', ok: true, text: 'prod-eu falco: 0 events today, last 2 days ago' },
        ],
        undecided: 1,
        notTakenBack: 2,
        limits: ['Long lists are not attached as files: the scope files:write is missing'],
      },
    },
  },
  render: ({ clusters, hindrances, health }) => {
    const shown = clusters.slice(0, CLUSTERS);
    const blocks: KnownBlock[] = [header(`${counted(clusters.length, 'cluster')} watched`)];
    for (const cluster of shown) blocks.push(section(clusterText(cluster)));
    if (clusters.length > shown.length) blocks.push(context(md`and ${ours(counted(clusters.length - shown.length, 'more cluster'))}: ${code('/k8ssec clusters')}`));
    const { waiting, active, delayed, failed } = health.queue;
    const queue = md`queue: ${active} running · ${waiting} waiting${delayed > 0 ? md` · ${delayed} later` : md``}${failed > 0 ? md` · ${failed} failed` : md``}`;
    const messages = [
      ...(health.unsent > 0 ? [md`${ours(counted(health.unsent, 'message'))} not sent yet`] : []),
      ...(health.maybeDouble > 0 ? [md`${ours(counted(health.maybeDouble, 'message'))} may stand twice`] : []),
      ...(health.failed > 0 ? [md`${ours(counted(health.failed, 'message'))} could not be sent`] : []),
    ];
    const slack = health.slack === 'ok' ? md`Slack: ok` : md`*Slack: degraded* (${sentence(brief(health.slackProblem ?? 'no answer'))})`;
    blocks.push(context(joined([slack, queue, ...messages, ...requestsText(health)], ' · ')));
    if (health.people.length > 0) blocks.push(sourcesText('Sources of people', health.people));
    if (health.leavers.length > 0) blocks.push(sourcesText('To clean up in the configuration', health.leavers.map((text) => ({ ok: false, text })), 'name'));
    if (health.events.length > 0) blocks.push(sourcesText('Sources of events', health.events));
    if (hindrances.length > 0) blocks.push(hindrancesText(hindrances));
    if (health.limits.length > 0) blocks.push(richText(line(words('Switched off', { bold: true })), bullets(health.limits.slice(0, 10).map((limit) => line(words(brief(limit)))))));
    return message(`Status of ${nameList(clusters.map(({ name }) => name))}; Slack: ${health.slack}.`, blocks);
  },
});

function requestsText({ undecided, notTakenBack }: HealthReport): readonly Mrkdwn[] {
  const texts = [
    ...(notTakenBack > 0 ? [md`*${ours(counted(notTakenBack, 'effect'))} could not be taken back*`] : []),
    ...(undecided > 0 ? [md`${ours(counted(undecided, 'request'))} ${ours(undecided === 1 ? 'waits' : 'wait')} for a decision`] : []),
  ];
  return texts.length === 0 ? [] : [md`${joined(texts, ', ')}: ${code('/k8ssec approvals')}`];
}

/** What is wrong with a source stands out. */
function sourcesText(title: string, sources: HealthReport['people' | 'events'], noun = 'source'): KnownBlock {
  const shown = sources.slice(0, SOURCES).map(({ ok, text }) => line(words(cut(text, SOURCE_TEXT), ok ? undefined : { bold: true })));
  const rest = sources.length - shown.length;
  return richText(line(words(title, { bold: true })), bullets([...shown, ...(rest > 0 ? [line(words(`and ${counted(rest, `more ${noun}`)}`))] : [])]));
}

function hindrancesText(hindrances: readonly Hindrance[]): KnownBlock {
  const shown = hindrances.slice(0, SOURCES).map(({ cluster, people, why, nextAt }) => line(words(cut(`${oneLine(cluster)}, ${counted(people, 'person', 'people')}: ${why}; tried again ${utcText(new Date(nextAt))}`, SOURCE_TEXT), { bold: true })));
  const rest = hindrances.length - shown.length;
  return richText(line(words('Approvers could not be asked to take access away', { bold: true })), bullets([...shown, ...(rest > 0 ? [line(words(`and ${counted(rest, 'more reason')}`))] : [])]));
}

function clusterText({ name, production, scannedAt, isPartial = false, version, open, checks, missed, hidden, scanning }: ClusterStatus): Mrkdwn {
  const title = md`*${code(name)}*${production ? md` · production` : md``}${scanning === undefined ? md`` : md` · scan ${ours(oneLine(scanning))}`}`;
  if (scannedAt === undefined || open === undefined) return md`${title}\nnot scanned yet: ${code(`/k8ssec scan ${name}`)}`;
  const counts = total(open) === 0 ? nothingOpen(missed) : `${severityCounts(open)} open`;
  const coverage = missed === 0 ? md`all ${checks} checks evaluated` : md`*${ours(counted(missed, 'check'))} of ${checks + missed} not evaluated*`;
  const unseen = hidden > 0 ? md` · ${hidden} not visible` : md``;
  return md`${title}\n${ours(counts)}${unseen} · ${coverage} · Kubernetes ${ours(oneLine(version ?? 'of unknown version'))} · scanned ${ours(isPartial ? 'only in part ' : '')}${moment({ at: new Date(scannedAt) })}`;
}
