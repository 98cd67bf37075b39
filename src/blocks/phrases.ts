import type { ContextBlock, RichTextBlock, RichTextSection } from '@slack/types';
import type { Source } from '#src/model/check.ts';
import { qualifiedName, SEVERITIES, type Finding, type ObjectRef, type Severity } from '#src/model/finding.ts';
import type { ScanScope } from '#src/model/scan-record.ts';
import { bullets, context, line, link, richText, words } from './build.ts';
import { brief, code, counted, joined, md, moment, oneLine, sentence, type Mrkdwn } from './text.ts';

const NAMES = 8;
const SOURCES = 6;
/** Prose of a check is not longer; this holds for what nobody foresaw. */
export const PROSE = 1000;

/** `2 critical, 5 high`, empty for none. */
export function severityCounts(counts: Readonly<Record<Severity, number>>): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity].toLocaleString('en-US')} ${severity}`)
    .join(', ');
}

export function total(counts: Readonly<Record<Severity, number>>): number {
  return SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
}

/** `Deployment shop/api`, for places without markup. */
export function objectText(ref: ObjectRef): string {
  return `${oneLine(ref.kind)} ${oneLine(qualifiedName(ref))}`;
}

export function objectMarkup(ref: ObjectRef): Mrkdwn {
  return md`${sentence(oneLine(ref.kind))} ${code(qualifiedName(ref))}`;
}

/** A pod, and whose it is where that is known. */
export interface Place {
  readonly object: ObjectRef;
  readonly workload?: ObjectRef | undefined;
}

/** `Deployment shop/web, pod web-7d9f6c5b8-x2x9q`, for places without markup. */
export function placeText({ object, workload }: Place): string {
  return workload === undefined ? objectText(object) : `${objectText(workload)}, pod ${oneLine(object.name)}`;
}

export function placeMarkup({ object, workload }: Place): Mrkdwn {
  return workload === undefined ? objectMarkup(object) : md`${objectMarkup(workload)}, pod ${code(object.name)}`;
}

/** For a cluster with nothing open: whether that is because nothing is, or because not everything could be looked at. */
export function nothingOpen(missed: number): string {
  return missed > 0 ? 'nothing found in what could be checked' : 'nothing open';
}

/** Names for the summary of a message, the first few of them. */
export function nameList(names: readonly string[]): string {
  const shown = names.slice(0, NAMES).map(oneLine);
  return names.length > NAMES ? `${shown.join(', ')} and ${(names.length - NAMES).toLocaleString('en-US')} more` : shown.join(', ');
}

/** What people type to name a finding: the start of its fingerprint. */
export function findingId(finding: { readonly fingerprint: string }): string {
  return finding.fingerprint.slice(0, 8);
}

export interface FindingLineOptions {
  /** Said after the finding: `NEW`. */
  readonly mark?: string | undefined;
  /** Named first, where a list is about several clusters. */
  readonly cluster?: string | undefined;
  /** The list is about one severity, which stands above it. */
  readonly withoutSeverity?: true;
}

/** `CRITICAL · Deployment shop/api  Container api runs privileged (3 pods) NEW  3f9c01ab` with nothing in it that could format. */
export function findingLine(finding: Finding, { mark, cluster, withoutSeverity }: FindingLineOptions = {}): RichTextSection {
  const pods = finding.count === undefined ? '' : ` (${counted(finding.count, 'pod')})`;
  return line(
    ...(cluster === undefined ? [] : [words(`${oneLine(cluster)}: `)]),
    ...(withoutSeverity ? [] : [words(finding.severity.toUpperCase(), { bold: true }), words(' · ')]),
    words(objectText(finding.object), { code: true }),
    words(`  ${brief(finding.message)}${pods}`),
    ...(mark === undefined ? [] : [words(` ${mark}`, { bold: true })]),
    words('  '),
    words(findingId(finding), { code: true }),
  );
}

/** Where a rule is from. */
export function sourceList(sources: readonly Source[]): RichTextBlock {
  const lines = sources.slice(0, SOURCES).map(({ title, url }) => line(url === undefined ? words(brief(title)) : link(url, brief(title))));
  return richText(line(words('Sources', { bold: true })), bullets(lines));
}

/** The gray last line of every channel message: `k8ssec · scan 3f9c · <date>`. */
export function footer(kind: string, id: string, at: Date): ContextBlock {
  return context(joined([md`k8ssec`, md`${sentence(oneLine(kind))} ${code(id)}`, moment({ at })], ' · '));
}

/** ` in shop`, ` (areas workload, access)`, or nothing for a whole cluster; plain text. */
export function scopeText({ namespace, areas }: ScanScope): string {
  const parts = [
    ...(namespace === undefined ? [] : [`namespace ${oneLine(namespace)}`]),
    ...(areas === undefined ? [] : [`${areas.length === 1 ? 'area' : 'areas'} ${nameList(areas)}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
