import { COMMANDS } from '#src/cli/commands.ts';
import { commands } from '#commands/index.gen.ts';
import { jobs } from '#jobs/index.gen.ts';
import { kinds } from '#src/approvals/kinds/index.gen.ts';
import { checks } from '#src/checks/index.gen.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { AREAS, areaOf, type Area } from '#src/model/finding.ts';
import { EVERY_TIP, PLANNED, TIP_UNITS, type PlannedGap, type TipUnits } from './article-tips.ts';
import { AREA_TITLES } from './check-pages.ts';
import { HEADER, type Generated } from './generated.ts';
import { code, page, table } from './markdown.ts';

interface Named {
  readonly name: string;
  readonly summary: string;
}

/** How the registered units are called that carry no tips, with the page that tells of each. */
const REGISTERED: Readonly<Record<keyof TipUnits, { readonly word: string; readonly page?: string; readonly units: readonly Named[] }>> = {
  kinds: { word: 'approval', units: kinds },
  commands: { word: 'command', page: 'commands.md', units: commands },
  jobs: { word: 'job', page: 'jobs.md', units: jobs },
  cli: { word: 'k8ssec', units: COMMANDS },
};

/** Which units answer each tip of the article, and what is still planned. */
export function articleCoverage(): readonly Generated[] {
  const text = page(
    `<!-- ${HEADER} -->`,
    '# What answers the article',
    'Tip by tip the checks, detections, approvals, commands and jobs that answer it, and what is still planned. Scanning, findings, explanations, reports, schedules and decisions serve every tip alike.',
    table(['tip', 'what it is about', 'checks', 'detections', 'planned'], AREAS.map(sumsOf)),
    ...AREAS.flatMap(tipPart),
    '## Every tip',
    table(['unit', 'what it does'], otherRows(EVERY_TIP)),
  );
  return [{ path: 'docs/article-coverage.md', text }];
}

function sumsOf(area: Area, index: number): readonly string[] {
  const tip = index + 1;
  return [`[${tip}](#tip-${tip})`, AREA_TITLES[area], ...[checksOf(tip), detectionsOf(tip), plannedOf(area)].map((units) => String(units.length))];
}

function tipPart(area: Area, index: number): readonly (string | undefined)[] {
  const tip = index + 1;
  const rows = [
    ...checksOf(tip).map(({ id, title }) => [`check [${code(id)}](checks/${id}.md)`, title]),
    ...detectionsOf(tip).map(({ id, title }) => [`detection [${code(id)}](detections/${id}.md)`, title]),
    ...otherRows(TIP_UNITS[area]),
  ];
  const planned = plannedOf(area);
  return [
    `<a id="tip-${tip}"></a>\n\n## Tip ${tip}: ${AREA_TITLES[area]}`,
    table(['unit', 'what it looks for or does'], rows),
    planned.length === 0 ? 'Nothing more is planned.' : table(['planned', 'what is missing', 'meanwhile'], planned.map(({ id, what, meanwhile = [] }) => [code(id), what, meanwhile.join(', ')])),
  ];
}

function checksOf(tip: number) {
  return checks.filter(({ tips }) => tips.includes(tip));
}

function detectionsOf(tip: number) {
  return detections.filter(({ tips }) => tips.includes(tip));
}

function plannedOf(area: Area): readonly PlannedGap[] {
  return PLANNED.filter(({ id }) => areaOf(id) === area);
}

function otherRows(named: TipUnits): readonly (readonly string[])[] {
  return (Object.keys(REGISTERED) as (keyof TipUnits)[]).flatMap((sort) => {
    const { word, page: where, units } = REGISTERED[sort];
    return (named[sort] ?? []).map((name) => {
      const text = where === undefined ? code(name) : `[${code(name)}](${where})`;
      return [`${word} ${text}`, units.find((unit) => unit.name === name)?.summary ?? ''];
    });
  });
}
