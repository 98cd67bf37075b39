import { qualifiedName, SEVERITIES, type Severity } from '#src/model/finding.ts';
import { countBySeverity } from '#src/scan/summarize.ts';
import { checkId, type FileRecord, type FindingRecord, type ScanRecord, type SummaryRecord, type UnreadableRecord } from '../records.ts';
import { shortened } from './encode.ts';
import { printable } from '#src/model/printable.ts';
import type { Print, Report } from './report.ts';
import type { Style } from './style.ts';
import { amount, listed, number } from './words.ts';
import { indented } from './wrap.ts';

/** Longer messages are for programs. */
const LONGEST_MESSAGE = 2000;
/** Checks that are named where many share a reason. */
const NAMED = 6;

export interface TextOptions {
  readonly style: Style;
  /** Characters in a line. */
  readonly width: number;
  readonly listFiles: boolean;
}

/** The result for people: findings by severity and object, what could not be judged, and the sums. */
export function textReport(print: Print, options: TextOptions): Report {
  const findings: FindingRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  const files: FileRecord[] = [];
  let summary: SummaryRecord | undefined;
  return {
    add(record: ScanRecord) {
      if (record.type === 'finding') findings.push(record);
      else if (record.type === 'unreadable') unreadable.push(record);
      else if (record.type === 'file') files.push(record);
      else if (record.type === 'summary') summary = record;
      return Promise.resolve();
    },
    async end() {
      const shown = findings.filter(({ change }) => change !== 'known');
      for (const severity of SEVERITIES) await print(severitySection(severity, shown.filter((finding) => finding.severity === severity), options));
      if (options.listFiles) await print(section('Files', files.length, files.map(fileText), options));
      await print(section('Unreadable', unreadable.length, unreadable.map(unreadableText), options));
      if (summary === undefined) return;
      await print(section('Not evaluated', gapCount(summary), gapTexts(summary), options));
      await print(section('Undecided', undecidedCount(summary), summary.undecided.map(undecidedText), options));
      await print(closing(summary, findings, options));
    },
  };
}

function severitySection(severity: Severity, findings: readonly FindingRecord[], { style, width }: TextOptions): string {
  if (findings.length === 0) return '';
  const title = style.severity(severity, `${severity.toUpperCase()} (${number(findings.length)})`);
  const byObject = Map.groupBy(findings, ({ cluster, file, object }) => [cluster, file, object.kind, qualifiedName(object)].join('\n'));
  const objects = [...byObject.values()].map((group) => {
    const [first] = group;
    const name = first === undefined ? '' : `${first.object.kind} ${qualifiedName(first.object) || 'without a name'}`;
    return `  ${style.bold(printable(name))}\n${group.map((finding) => findingText(finding, style, width)).join('')}`;
  });
  return `${title}\n\n${objects.join('\n')}\n`;
}

function findingText(finding: FindingRecord, style: Style, width: number): string {
  const { file, line, cluster, message, count } = finding;
  const place = file === undefined ? cluster : `${file}${line === undefined ? '' : `:${line}`}`;
  const times = count === undefined ? '' : ` (${number(count)} times)`;
  const where = [place, checkId(finding)].filter((part) => part !== undefined).map(printable).join('  ');
  return `${indented(printable(shortened(message, LONGEST_MESSAGE)) + times, width, '    ')}      ${style.dim(where)}\n`;
}

/** Empty without entries. `count` is what the sums at the end say of it. */
function section(title: string, count: number, entries: readonly string[], { style, width }: TextOptions): string {
  if (entries.length === 0) return '';
  return `${style.bold(`${title} (${number(count)})`)}\n\n${entries.map((entry) => indented(entry, width, '  ')).join('')}\n`;
}

function fileText({ file, objects }: FileRecord): string {
  return printable(`${file}: ${amount(objects, 'object')}`);
}

function unreadableText({ file, document, reason }: UnreadableRecord): string {
  return printable(`${file}${document === undefined ? '' : `, document ${document}`}: ${reason}`);
}

/** Checks that could not be evaluated, or only in part. */
function gapCount({ notEvaluated }: SummaryRecord): number {
  return new Set(notEvaluated.map(({ check }) => check)).size;
}

function undecidedCount({ undecided }: SummaryRecord): number {
  return undecided.reduce((sum, { count }) => sum + count, 0);
}

/** One entry for each reason. */
function gapTexts({ notEvaluated }: SummaryRecord): readonly string[] {
  const byReason = Map.groupBy(notEvaluated, ({ reason, kind, partial, cluster }) => {
    const what = partial === true ? ` (${kind === undefined ? 'only in part' : `only ${kind}`})` : '';
    return `${cluster === undefined ? '' : `${cluster}, `}${reason}${what}`;
  });
  return [...byReason].map(([reason, gaps]) => printable(`${reason}: ${listed([...new Set(gaps.map(checkId))].sort(), NAMED)}`));
}

function undecidedText({ check, reason, count, cluster }: SummaryRecord['undecided'][number]): string {
  return printable(`${cluster === undefined ? '' : `${cluster}, `}${check}: ${amount(count, 'object')}, ${reason}`);
}

function closing(summary: SummaryRecord, findings: readonly FindingRecord[], { style, width }: TextOptions): string {
  const more = [compared(summary), leftOut(summary), missed(summary)].filter((line) => line !== '').map((line) => indented(line, width, ''));
  return `${style.bold(indented(sums(summary, findings), width, '').trimEnd())}\n${more.join('')}`;
}

function sums(summary: SummaryRecord, findings: readonly FindingRecord[]): string {
  const { files, clusters, objects, checks, kubernetesVersion } = summary;
  const lookedAt = clusters === undefined ? amount(files, 'file') : amount(clusters, 'cluster');
  if (clusters === 0) return 'Nothing was judged: no cluster could be read.';
  if (objects === 0) return `Nothing was judged: there was no object in ${lookedAt}.`;
  const counts = countBySeverity(findings);
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => `${number(counts[severity])} ${severity}`);
  const found = findings.length === 0 ? 'Nothing found' : `${amount(findings.length, 'finding')} (${parts.join(', ')})`;
  const rules = kubernetesVersion === undefined ? '' : ` for Kubernetes ${kubernetesVersion}`;
  return `${found}. ${amount(new Set(checks.map(withoutItem)).size, 'check')} judged ${amount(objects, 'object')} in ${lookedAt}${rules}.`;
}

/** Findings of the baseline are counted, and not shown again. */
function compared({ baseline }: SummaryRecord): string {
  if (baseline === undefined) return '';
  const { new: fresh, worse, known, fixed, notSeen } = baseline;
  const parts = [`${number(fresh)} new`, ...(worse > 0 ? [`${number(worse)} worse`] : []), `${number(known)} known and not shown`, `${number(fixed)} fixed`, ...(notSeen > 0 ? [`${number(notSeen)} out of sight`] : [])];
  return `Against the baseline: ${parts.join(', ')}.`;
}

function leftOut({ suppressed = 0 }: SummaryRecord): string {
  return suppressed === 0 ? '' : `${amount(suppressed, 'finding')} left out by comments.`;
}

/** What the sums above leave out; empty when nothing was. */
function missed(summary: SummaryRecord): string {
  const counts = [
    [summary.unreadable, 'document', 'could not be read'],
    [gapCount(summary), 'check', 'could not be evaluated, or only in part'],
    [undecidedCount(summary), 'judgement', 'lacked evidence'],
  ] as const;
  const parts = counts.filter(([count]) => count > 0).map(([count, noun, what]) => `${amount(count, noun)} ${what}`);
  return parts.length === 0 ? '' : `Not judged: ${parts.join('; ')}. See above.`;
}

function withoutItem(id: string): string {
  return id.split(':')[0] ?? id;
}
