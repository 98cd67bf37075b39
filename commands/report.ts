import type { Caller } from '#src/model/access.ts';
import type { Cluster } from '#src/model/clusters.ts';
import { defineCommand, UsageError } from '#src/model/command.ts';
import { FRAMEWORKS, REPORTED, type ReportedId } from '#src/model/frameworks/frameworks.ts';
import { failedControls, frameworkText, type ControlResult, type FrameworkReport } from '#src/model/frameworks/report.ts';
import { didYouMean } from '#src/model/nearest.ts';
import { newReference } from '#src/model/reference.ts';
import type { Services } from '#src/model/services.ts';
import { assess } from '#src/report/assess.ts';
import { FILE_FORMATS, reportFile, type FileFormat } from '#src/report/file.ts';
import { judgedState, subjectOf } from '#src/report/judged-state.ts';
import { template as clusterList } from '#templates/clusters.ts';
import { template as notice } from '#templates/notice.ts';
import { template as reportTemplate, FAILED, REASONS, type Report } from '#templates/report.ts';
import { namedCluster, permittedClusters } from './support/clusters.ts';

const DEFAULT: ReportedId = 'cis';
/** Slack shows it on a phone, page by page; an HTML file has to be downloaded. */
const DEFAULT_FORMAT: FileFormat = 'pdf';

/** Posts how a cluster stands with the controls of a framework, from what its last scans found; the whole report is a file in the thread. */
export const command = defineCommand({
  name: 'report',
  usage: 'report [framework] [cluster] [--format FORMAT]',
  summary: 'Post how a cluster stands with the controls of pss, nsa or, unless one is named, cis.',
  examples: ['report', 'report pss prod-eu', 'report nsa --format html'],
  access: 'viewer',
  maxWords: 2,
  flags: {
    format: { type: 'string', value: 'FORMAT', text: 'Of the file with the whole report: pdf (default), html or json.', choices: FILE_FORMATS },
  },
  async run({ words, options }, caller, services) {
    const { framework, name } = readWords(words);
    const format = readFormat(options.format);
    const permitted = await permittedClusters('viewer', caller, services);
    const targets = name === undefined ? permitted : [namedCluster(name, permitted)];
    const [target, ...others] = targets;
    if (target === undefined || others.length > 0) {
      const lines = targets.map(({ name: cluster, production, schedule, timeZone }) => ({ name: cluster, production, schedule, timeZone }));
      return { message: clusterList.render({ clusters: lines, choose: { command: 'report', rest: [framework, '--format', format] } }, services) };
    }
    await post(await reportOf(target, framework, services), format, caller, services);
    return { message: notice.render({ text: `The report on ${target.name} by the ${FRAMEWORKS[framework].title} is being posted.` }, services) };
  },
});

/** A framework and the name of a cluster, in any order. @throws {UsageError} */
function readWords(words: readonly string[]): { readonly framework: ReportedId; readonly name: string | undefined } {
  const at = words.findIndex((word) => frameworkOf(word) !== undefined);
  const rest = words.filter((_, index) => index !== at);
  if (rest.length > 1) throw new UsageError(`None of ${words.map((word) => `"${word}"`).join(' and ')} is a framework. Known: ${REPORTED.join(', ')}.`);
  return { framework: frameworkOf(words[at] ?? DEFAULT) ?? DEFAULT, name: rest[0] };
}

function frameworkOf(word: string): ReportedId | undefined {
  return REPORTED.find((id) => id === word.toLowerCase());
}

/** @throws {UsageError} */
function readFormat(text: string = DEFAULT_FORMAT): FileFormat {
  const found = FILE_FORMATS.find((format) => format === text.toLowerCase());
  if (found === undefined) throw new UsageError(`There is no format "${text}".${didYouMean(text, FILE_FORMATS)} Known: ${FILE_FORMATS.join(', ')}.`);
  return found;
}

async function reportOf({ name }: Cluster, framework: ReportedId, { scans, checks }: Services): Promise<FrameworkReport> {
  const state = await scans.state(name);
  if (state?.lastFullScan === undefined) throw new UsageError(`The whole of ${name} has not been scanned yet, so there is nothing to report. Scan it first: /k8ssec scan ${name}`);
  return assess(FRAMEWORKS[framework], judgedState(state, checks), subjectOf(state));
}

async function post(report: FrameworkReport, format: FileFormat, caller: Caller, { outbox, attachesFiles }: Services): Promise<void> {
  const { framework, subject } = report;
  const reference = newReference();
  const id = `report/${reference}`;
  const file = attachesFiles();
  await outbox.put({ id, channel: caller.channelId, template: reportTemplate, data: messageOf(report, { reference, person: caller.userId, file }), urgency: 'result', fallbackUser: caller.userId });
  if (!file) return;
  const filename = `k8ssec-${framework.id}-${subject.at.slice(0, 10)}.${format}`;
  const content = await reportFile([report], format);
  const encoded = typeof content === 'string' ? { content } : ({ content: Buffer.from(content).toString('base64'), encoding: 'base64' } as const);
  await outbox.putFile({ id: `${id}/file`, channel: caller.channelId, thread: id, filename, title: `${frameworkText(framework)}: ${subject.cluster ?? ''}`, ...encoded });
}

function messageOf(report: FrameworkReport, more: Pick<Report, 'reference' | 'person' | 'file'>): Report {
  const { framework, subject, tally, sections } = report;
  const failed = failedControls(report).slice(0, FAILED).map(({ id, title, worst, findings }) => ({ id, title, worst, findings }));
  const missed = missedBy(sections.flatMap(({ controls }) => controls)).slice(0, REASONS);
  return { framework: frameworkText(framework), cluster: subject.cluster ?? '', at: subject.at, tally, failed, missed, ...more };
}

/** The controls that were not evaluated, by reason, those that concern most first. */
function missedBy(controls: readonly ControlResult[]): Report['missed'] {
  const pairs = controls.filter(({ state }) => state === 'not-evaluated').flatMap(({ id, reasons }) => reasons.map((reason) => ({ id, reason })));
  return [...Map.groupBy(pairs, ({ reason }) => reason)].map(([reason, group]) => ({ reason, controls: group.map(({ id }) => id) })).sort((a, b) => b.controls.length - a.controls.length);
}
