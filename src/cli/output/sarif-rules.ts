import type { Check } from '#src/model/check.ts';
import { areaOf, type Severity } from '#src/model/finding.ts';
import { checkId } from '../records.ts';

export type SarifLevel = 'error' | 'warning' | 'note';

const LEVELS: Readonly<Record<Severity, SarifLevel>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' };
/** In the middle of the bands that code hosts make of a CVSS score. */
const SCORES: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', info: '0.0' };

export function sarifLevel(severity: Severity): SarifLevel {
  return LEVELS[severity];
}

export function sarifScore(severity: Severity): string {
  return SCORES[severity];
}

export interface SarifRule {
  readonly id: string;
  readonly [property: string]: unknown;
}

/** A rule for each check, and for each item of a check with items, in order of their ids. */
export function sarifRules(checks: readonly Check[]): readonly SarifRule[] {
  const rules = checks.flatMap((check) => {
    if (check.items === undefined) return [rule(check.id, check, check.title, check.severity)];
    return Object.entries(check.items).map(([item, { title, severity = check.severity }]) => rule(checkId({ check: check.id, item }), check, title, severity));
  });
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}

function rule(id: string, { id: checkName, why, fix, sources, tips }: Check, title: string, severity: Severity): SarifRule {
  const url = sources.find((source) => source.url !== undefined)?.url;
  const from = sources.map((source) => source.title).join('; ');
  const links = sources.map((source) => (source.url === undefined ? source.title : `[${source.title}](${source.url})`)).join('; ');
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\n${fix}\n\nSource: ${from}`, markdown: `${why}\n\n**${fix}**\n\nSource: ${links}` },
    ...(url !== undefined && { helpUri: url }),
    defaultConfiguration: { level: sarifLevel(severity) },
    properties: { tags: ['security', 'kubernetes', areaOf(checkName), ...tips.map((tip) => `tip-${tip}`)], 'security-severity': sarifScore(severity) },
  };
}
