import type { KnownBlock } from '@slack/types';
import { actions, button, context, header, message, section, type Message } from '#src/blocks/build.ts';
import { findingId, footer, nothingOpen, objectMarkup, objectText, scopeText, severityCounts, total } from '#src/blocks/phrases.ts';
import { brief, code, counted, durationText, joined, md, moment, oneLine, ours, person, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { AREAS } from '#src/model/finding.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { ScanRecord, ScanSummary } from '#src/model/scan-record.ts';
import { SAMPLE_SCAN, SAMPLE_SUMMARY } from './samples/scan.ts';

/** A scan with what its message says besides. */
export interface ScanMessage {
  readonly scan: ScanRecord;
  /** From 1, while it is queued. */
  readonly place?: number;
  /** How long a scan of this cluster usually takes. */
  readonly usualMs?: number;
  /** When the cluster was last scanned with success. */
  readonly lastGood?: string;
}

/** The one message of a scan, from queued to result. Details stand in its thread. */
export const template = defineTemplate<ScanMessage>({
  name: 'scan',
  summary: 'A scan from the moment it is queued to its result; one message, updated in place.',
  samples: {
    queued: { scan: SAMPLE_SCAN, place: 1, usualMs: 40_000 },
    'queued again': { scan: { ...SAMPLE_SCAN, startedAt: '2026-11-23T08:00:00Z', runs: 1, setback: { at: '2026-11-23T08:02:00Z', reason: 'the API server did not answer' } } },
    running: {
      scan: { ...SAMPLE_SCAN, state: 'running', startedAt: '2026-11-23T08:00:00Z', runs: 1, progress: { kind: 'Pod', objects: 2310, areas: ['access', 'exposure', 'workload'], areasDone: ['access'] } },
      usualMs: 40_000,
    },
    interrupted: {
      scan: { ...SAMPLE_SCAN, state: 'running', startedAt: '2026-11-23T08:00:00Z', runs: 2, setback: { at: '2026-11-23T08:02:00Z', reason: 'the worker stopped' } },
    },
    done: { scan: { ...SAMPLE_SCAN, state: 'done', endedAt: '2026-11-23T08:00:41Z', runs: 1, summary: SAMPLE_SUMMARY } },
    incomplete: {
      scan: {
        ...SAMPLE_SCAN,
        state: 'done',
        endedAt: '2026-11-23T08:00:41Z',
        runs: 1,
        summary: { ...SAMPLE_SUMMARY, hidden: 2, gaps: [{ reason: 'no permission to list serviceaccounts', checks: ['access/dangling-subject', 'access/token-automount'] }] },
      },
    },
    'nothing open': {
      scan: { ...SAMPLE_SCAN, state: 'done', endedAt: '2026-11-23T08:00:41Z', runs: 1, summary: { ...SAMPLE_SUMMARY, open: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, top: [], fresh: 0, worse: 0, fixed: 4, unchanged: 0 } },
    },
    failed: {
      scan: { ...SAMPLE_SCAN, state: 'failed', endedAt: '2026-11-23T08:02:00Z', runs: 3, failure: { reason: 'the API server did not answer', reference: '7f3a90' } },
      lastGood: '2026-11-22T08:00:41Z',
    },
    canceled: {
      scan: { ...SAMPLE_SCAN, state: 'canceled', endedAt: '2026-11-23T08:00:09Z', runs: 1, startedAt: '2026-11-23T08:00:01Z', canceledBy: 'U0ANN00001', progress: { kind: 'Pod', objects: 900, areas: ['access', 'exposure', 'workload'], areasDone: ['access'] } },
    },
  },
  render: (data) => {
    switch (data.scan.state) {
      case 'queued':
        return queued(data);
      case 'running':
        return running(data);
      case 'done':
        return done(data.scan);
      case 'failed':
        return failed(data);
      case 'canceled':
        return canceled(data.scan);
    }
  },
});

function queued({ scan, place, usualMs }: ScanMessage): Message {
  const waiting = md`${ours(place === undefined || place <= 1 ? 'starts as soon as a worker is free' : `place ${place} in the queue`)}`;
  const facts = [...(scan.setback === undefined ? [waiting] : [md`${setback(scan.setback)}, starts again soon`]), ...usual(usualMs)];
  return message(`Scan of ${subject(scan)} queued by ${askerText(scan)}.`, [
    section(md`*Scan of ${code(scan.cluster)}${ours(scopeText(scan.scope))} queued* · ${asker(scan)}`),
    context(joined(facts, ' · ')),
    actions(cancelButton(scan)),
  ]);
}

function running({ scan, usualMs }: ScanMessage): Message {
  const { progress } = scan;
  const [done, all] = [progress?.areasDone.length ?? 0, progress?.areas.length ?? 0];
  const started = scan.startedAt === undefined ? [] : [md`started ${moment({ at: new Date(scan.startedAt) })}`];
  const before = scan.setback === undefined ? [] : [md`${setback(scan.setback)}, started again`];
  const blocks: KnownBlock[] = [section(md`*Scanning ${code(scan.cluster)}${ours(scopeText(scan.scope))}* · ${asker(scan)}`)];
  if (progress !== undefined) {
    blocks.push(section(md`${ours(progressBar(done, all))} ${done} of ${all} areas · ${ours(counted(progress.objects, 'object'))} read · now: ${sentence(oneLine(progress.kind))}`));
  }
  blocks.push(context(joined([...before, ...started, ...usual(usualMs)], ' · ')), actions(cancelButton(scan)));
  const again = scan.setback === undefined ? '' : ' It was interrupted and started again.';
  const far = progress === undefined ? '' : `: ${done} of ${all} areas done`;
  return message(`Scanning ${subject(scan)}${far}.${again}`, blocks);
}

function setback({ at, reason }: NonNullable<ScanRecord['setback']>): Mrkdwn {
  return md`interrupted ${moment({ at: new Date(at) })} (${sentence(brief(reason))})`;
}

/** Decoration only: the words beside it say the same. */
function progressBar(done: number, all: number): string {
  const length = Math.min(all, AREAS.length);
  const full = Math.min(done, length);
  return '▓'.repeat(full) + '░'.repeat(length - full);
}

function done(scan: ScanRecord): Message {
  const { summary } = scan;
  if (summary === undefined) return failed({ scan });
  const open = total(summary.open);
  const counts = severityCounts(summary.open);
  const incomplete = summary.gaps.length > 0;
  const title = open === 0 ? `${oneLine(scan.cluster)}: ${nothingOpen(summary.gaps.length)}` : `${oneLine(scan.cluster)}: ${counts}`;
  const shown = summary.top.slice(0, incomplete ? 4 : 5);
  const blocks: KnownBlock[] = [header(`${title}${scopeText(scan.scope)}`), section(changes(summary))];
  for (const finding of shown) {
    const mark = finding.change === undefined ? md`` : finding.change === 'new' ? md` *NEW*` : md` *WORSE*`;
    blocks.push(
      section(
        md`*${ours(finding.severity.toUpperCase())}* · ${objectMarkup(finding.object)}${mark}\n${sentence(brief(finding.message))}`,
        button('Details', { command: 'explain', args: [findingId(finding), '--cluster', scan.cluster] }, { label: `Details of ${findingId(finding)}, ${objectText(finding.object)}` }),
      ),
    );
  }
  if (open > shown.length) blocks.push(context(md`and ${open - shown.length} more: see the thread`));
  if (incomplete) blocks.push(section(notEvaluated(summary)));
  blocks.push(actions(...(open > 0 ? [button('Show all', { command: 'findings', args: [scan.cluster, ...scopeArguments(scan)] })] : []), rescanButton(scan, 'Re-scan')));
  blocks.push(footer('scan', scan.id, new Date(scan.endedAt ?? scan.queuedAt)));
  const missing = incomplete ? ` ${counted(checksMissed(summary), 'check')} not evaluated.` : '';
  const result = open === 0 ? nothingOpen(summary.gaps.length) : `${counts}${changeText(summary)}`;
  return message(`Scan of ${subject(scan)} ${incomplete ? 'incomplete' : 'finished'}: ${result}.${missing}`, blocks);
}

function failed({ scan, lastGood }: ScanMessage): Message {
  const reason = scan.failure?.reason ?? 'its result is missing';
  const facts = [
    ...(lastGood === undefined ? [md`no scan of this cluster has succeeded yet`] : [md`last good scan ${moment({ at: new Date(lastGood) })}`]),
    ...(scan.failure === undefined ? [] : [md`reference ${code(scan.failure.reference)}`]),
  ];
  return message(`Scan of ${subject(scan)} failed: ${reason}.`, [
    section(md`*Scan of ${code(scan.cluster)}${ours(scopeText(scan.scope))} failed:* ${sentence(brief(reason))}. Nothing was learned from this scan.`),
    context(joined(facts, ' · ')),
    actions(rescanButton(scan, 'Try again')),
    footer('scan', scan.id, new Date(scan.endedAt ?? scan.queuedAt)),
  ]);
}

function canceled(scan: ScanRecord): Message {
  const by = scan.canceledBy === undefined ? md`` : md` by ${person(scan.canceledBy)}`;
  const far = scan.startedAt === undefined ? md`before it began` : scan.progress === undefined ? md`soon after it began` : md`after ${scan.progress.areasDone.length} of ${scan.progress.areas.length} areas`;
  return message(`Scan of ${subject(scan)} canceled.`, [
    section(md`*Scan of ${code(scan.cluster)}${ours(scopeText(scan.scope))} canceled*${by} ${far}. No result was stored.`),
    actions(rescanButton(scan, 'Scan again')),
    footer('scan', scan.id, new Date(scan.endedAt ?? scan.queuedAt)),
  ]);
}

function changes(summary: ScanSummary): Mrkdwn {
  const { fresh, worse, fixed, unchanged, hidden, comparedWith } = summary;
  const looked = joined(
    [
      md`${ours(counted(summary.checks, 'check'))} over ${ours(counted(summary.objects, 'object'))}, Kubernetes ${ours(oneLine(summary.version))}.`,
      ...(summary.stock > 0 ? [md`${ours(counted(summary.stock, 'object'))} that Kubernetes ships left out.`] : []),
      ...(summary.undecided > 0 ? [md`${ours(counted(summary.undecided, 'verdict'))} left open for lack of evidence.`] : []),
    ],
    ' ',
  );
  if (comparedWith === undefined) return md`*First scan:* what is open now is the starting point.\n${looked}`;
  const parts = [md`${fresh} new`, ...(worse > 0 ? [md`${worse} worse`] : []), md`${fixed} fixed`, md`${unchanged} unchanged`];
  if (hidden > 0) parts.push(md`${hidden} not visible this time`);
  return md`*Since ${moment({ at: new Date(comparedWith) })}:* ${joined(parts, ' · ')}\n${looked}`;
}

function notEvaluated(summary: ScanSummary): Mrkdwn {
  const shown = summary.gaps.slice(0, 4).map(({ reason, checks }) => md`• ${sentence(brief(reason))} (${ours(counted(checks.length, 'check'))})`);
  const more = summary.gaps.length > shown.length ? [md`• ${summary.gaps.length - shown.length} more reasons in the thread`] : [];
  return md`*Not evaluated (${ours(counted(checksMissed(summary), 'check'))}):* the result is incomplete.\n${joined([...shown, ...more], '\n')}`;
}

function checksMissed(summary: ScanSummary): number {
  return new Set(summary.gaps.flatMap((gap) => gap.checks)).size;
}

function changeText({ fresh, fixed, comparedWith }: ScanSummary): string {
  return comparedWith === undefined ? '' : ` (${fresh} new, ${fixed} fixed)`;
}

function subject(scan: ScanRecord): string {
  return `${oneLine(scan.cluster)}${scopeText(scan.scope)}`;
}

function asker({ asker: who }: ScanRecord): Mrkdwn {
  return 'person' in who ? md`asked by ${person(who.person)}` : md`by schedule ${code(who.schedule)}`;
}

function askerText({ asker: who }: ScanRecord): string {
  return 'person' in who ? oneLine(who.name) : `the schedule ${oneLine(who.schedule)}`;
}

function usual(usualMs: number | undefined): readonly Mrkdwn[] {
  return usualMs === undefined ? [] : [md`usually ${ours(durationText(usualMs))}`];
}

function cancelButton(scan: ScanRecord) {
  return button('Cancel scan', { command: 'cancel', args: [scan.id] }, { label: `Cancel the scan of ${scan.cluster}` });
}

function rescanButton(scan: ScanRecord, text: string) {
  return button(text, { command: 'scan', args: [scan.cluster, ...scopeArguments(scan)] }, { label: `${text}: ${scan.cluster}` });
}

function scopeArguments({ scope: { namespace, areas } }: ScanRecord): readonly string[] {
  return [...(namespace === undefined ? [] : ['--namespace', namespace]), ...(areas === undefined ? [] : ['--area', areas.join(',')])];
}
