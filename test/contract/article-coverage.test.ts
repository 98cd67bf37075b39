import { describe, expect, test } from '@jest/globals';
import { commands } from '#commands/index.gen.ts';
import { jobs } from '#jobs/index.gen.ts';
import { EVERY_TIP, PLANNED, TIP_UNITS, type TipUnits } from '#scripts/gen/article-tips.ts';
import { articleCoverage } from '#scripts/gen/article-coverage.ts';
import { kinds } from '#src/approvals/kinds/index.gen.ts';
import { checks } from '#src/checks/index.gen.ts';
import { COMMANDS } from '#src/cli/commands.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { AREAS, areaOf } from '#src/model/finding.ts';

const REGISTERED: Readonly<Record<keyof TipUnits, readonly { readonly name: string }[]>> = { kinds, commands, jobs, cli: COMMANDS };
const PREFIXES: Readonly<Record<string, keyof TipUnits>> = { approval: 'kinds', command: 'commands', job: 'jobs', k8ssec: 'cli' };
const units = [...checks, ...detections];
const ids = new Set(units.flatMap(({ id, aliases = [] }: { readonly id: string; readonly aliases?: readonly string[] }) => [id, ...aliases]));
const [coverage] = articleCoverage();

describe('docs/article-coverage.md', () => {
  test.each(AREAS.map((area, index) => [index + 1, area] as const))('tip %d is answered by checks or detections', (tip) => {
    expect(units.filter(({ tips }) => tips.includes(tip)).map(({ id }) => id)).not.toEqual([]);
  });

  test('nothing is planned any more that exists', () => {
    expect(PLANNED.filter(({ id }) => ids.has(id)).map(({ id }) => `${id} exists: take it out of PLANNED in scripts/gen/article-tips.ts`)).toEqual([]);
  });

  test('each planned gap is named once, belongs to an area and says what is missing', () => {
    expect(new Set(PLANNED.map(({ id }) => id)).size).toBe(PLANNED.length);
    for (const { id, what } of PLANNED) {
      expect(AREAS).toContain(areaOf(id));
      expect(what).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  test.each(Object.keys(REGISTERED) as (keyof TipUnits)[])('every one of %s has its place: tips that it answers, or all of them', (sort) => {
    const placed = [...Object.values(TIP_UNITS), EVERY_TIP].flatMap((named) => named[sort] ?? []);

    expect([...new Set(placed)].sort()).toEqual(REGISTERED[sort].map(({ name }) => name).sort());
  });

  test('what answers a part of a planned gap exists', () => {
    for (const text of PLANNED.flatMap(({ meanwhile = [] }) => meanwhile)) {
      const [prefix = '', name = ''] = text.split(' ');
      const sort = PREFIXES[prefix];

      expect([text, sort !== undefined && REGISTERED[sort].some((unit) => unit.name === name)]).toEqual([text, true]);
    }
  });

  test('names every check, detection and planned gap', () => {
    for (const id of [...units.map((unit) => unit.id), ...PLANNED.map((gap) => gap.id)]) expect(coverage?.text).toContain(`\`${id}\``);
  });
});
