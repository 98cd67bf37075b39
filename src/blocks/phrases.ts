import type { ContextBlock, RichTextElement, RichTextSection } from '@slack/types';
import { qualifiedName, SEVERITIES, type Finding, type ObjectRef, type Severity } from '#src/model/finding.ts';
import type { ScanScope } from '#src/model/scan-record.ts';
import { context, line, words } from './build.ts';
import { code, counted, joined, md, moment, oneLine, ours, sentence, type Mrkdwn } from './text.ts';

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
  return `${ref.kind} ${oneLine(qualifiedName(ref))}`;
}

export function objectMarkup(ref: ObjectRef): Mrkdwn {
  return md`${sentence(ref.kind)} ${code(qualifiedName(ref))}`;
}

/** What people type to name a finding: the start of its fingerprint. */
export function findingId(finding: { readonly fingerprint: string }): string {
  return finding.fingerprint.slice(0, 8);
}

/** `CRITICAL · Deployment shop/api: Container api runs privileged (3f9c01ab)` with nothing in it that could format. */
export function findingLine(finding: Finding, mark?: string): RichTextSection {
  const parts: RichTextElement[] = [
    words(finding.severity.toUpperCase(), { bold: true }),
    words(' · '),
    words(objectText(finding.object), { code: true }),
    words(` ${finding.message}`),
  ];
  if (finding.count !== undefined) parts.push(words(` (${counted(finding.count, 'pod')})`));
  if (mark !== undefined) parts.push(words(` ${mark}`, { bold: true }));
  return line(...parts, words('  '), words(findingId(finding), { code: true }));
}

/** The gray last line of every channel message: `k8ssec · scan 3f9c · <date>`. */
export function footer(kind: string, id: string, at: Date): ContextBlock {
  return context(joined([md`k8ssec`, md`${ours(kind)} ${code(id)}`, moment({ at })], ' · '));
}

/** ` in shop`, ` (areas workload, access)`, or nothing for a whole cluster; plain text. */
export function scopeText({ namespace, areas }: ScanScope): string {
  const parts = [
    ...(namespace === undefined ? [] : [`namespace ${oneLine(namespace)}`]),
    ...(areas === undefined ? [] : [`${areas.length === 1 ? 'area' : 'areas'} ${areas.join(', ')}`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
