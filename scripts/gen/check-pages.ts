import { checks } from '#src/checks/index.gen.ts';
import { isClusterCheck, kindsOf, type Check, type CheckItem, type Source } from '#src/model/check.ts';
import { areaOf, AREAS, type Severity } from '#src/model/finding.ts';
import { findControl } from '#src/model/frameworks/frameworks.ts';
import { examplesOf, type Example } from './examples.ts';
import { HEADER, type Generated } from './generated.ts';
import { code, fenced, page, table } from './markdown.ts';

export const AREA_TITLES: Readonly<Record<(typeof AREAS)[number], string>> = {
  encryption: 'Encrypt your data',
  access: 'Strict access control',
  exposure: 'Monitor endpoints',
  iac: 'Catch infrastructure-as-code errors before production',
  workload: 'Container configuration and CI/CD',
  node: 'Isolated nodes',
  connections: 'Watch network connections and API calls',
  audit: 'Audit logs',
};

/** A page for each check, and one that lists them. */
export async function checkPages(): Promise<readonly Generated[]> {
  const pages = await Promise.all(checks.map(async (check) => ({ path: `docs/checks/${check.id}.md`, text: checkPage(check, await examplesOf(check.id)) })));
  return [{ path: 'docs/checks/README.md', text: overview() }, ...pages];
}

function overview(): string {
  const parts = AREAS.flatMap((area, index) => {
    const mine = checks.filter((check) => areaOf(check.id) === area);
    if (mine.length === 0) return [];
    const rows = mine.map((check) => [`[${code(check.id)}](${check.id}.md)`, check.severity, check.title]);
    return [`## ${area}: ${AREA_TITLES[area]} (tip ${index + 1})`, table(['check', 'severity', 'healthy state'], rows)];
  });
  return page(`<!-- ${HEADER} -->`, '# Checks', `${checks.length} checks. The same ones run in the bot and on the command line.`, ...parts);
}

function checkPage(check: Check, examples: readonly Example[]): string {
  const { id, title, severity, tips, why, fix, sources, aliases } = check;
  const items = Object.entries(check.items ?? {});
  const facts = [
    `**Severity** ${severity}`,
    `**Article tip** ${tips.join(', ')}`,
    `**Reads** ${kindsOf(check).map(code).join(', ')}`,
    `**Judges** ${isClusterCheck(check) ? 'several objects together' : 'each object by itself'}`,
    ...(aliases === undefined ? [] : [`**Earlier ids** ${aliases.map(code).join(', ')}`]),
  ];
  return page(
    `<!-- ${HEADER} -->`,
    `# ${title}`,
    code(id),
    facts.join(' · '),
    `## Why it matters\n\n${why}`,
    `## How to fix it\n\n${fix}`,
    items.length === 0 ? undefined : `## Cases\n\n${table(...casesOf(items, severity))}`,
    `## Sources\n\n${sources.map(sourceLine).join('\n')}`,
    '## Examples\n\nThey are also the tests of this check.',
    ...examples.map(example),
  );
}

/** With the controls that a single item answers, where there are any. */
function casesOf(items: readonly (readonly [string, CheckItem])[], severity: Severity): [head: readonly string[], rows: readonly (readonly string[])[]] {
  const head = ['item', 'severity', 'healthy state'];
  const rows = items.map(([item, about]) => [code(item), about.severity ?? severity, about.title]);
  if (items.every(([, { sources = [] }]) => sources.length === 0)) return [head, rows];
  return [[...head, 'from'], rows.map((row, index) => [...row, (items[index]?.[1].sources ?? []).map(({ title }) => title).join(', ')])];
}

/** A control is told with what it asks for. */
function sourceLine({ title, url, control }: Source): string {
  const asks = control === undefined ? undefined : findControl(control);
  return `- ${url === undefined ? title : `[${title}](${url})`}${asks === undefined ? '' : `: ${asks.title}`}`;
}

function example({ title, finds, undecided, notEvaluated, language, source }: Example): string {
  const verdicts = [
    finds.length === 0 ? 'Nothing is found' : `${finds.length === 1 ? 'One finding' : `${finds.length} findings`}: ${finds.map(({ object }) => code(object)).join(', ')}`,
    ...(undecided === undefined ? [] : [`undecided: ${undecided.join('; ')}`]),
    ...(notEvaluated === undefined ? [] : [`not evaluated: ${notEvaluated.join('; ')}`]),
  ];
  return `### ${title}\n\n${verdicts.join(', ')}.\n\n${fenced(language, language === 'yaml' ? objectsOf(source) : terraformOf(source))}`;
}

/** The example's objects as they are written in its file: YAML that is written again can mean another value. */
function objectsOf(source: string): string {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.startsWith('objects:'));
  return lines.slice(start).join('\n');
}

/** The text of the `.tf` file in an example's source, which ends with it. */
function terraformOf(source: string): string {
  const lines = source.split('\n');
  const start = lines.findIndex((line) => line.startsWith('terraform:'));
  return lines.slice(start + 1).map((line) => line.replace(/^ {2}/, '')).join('\n');
}
