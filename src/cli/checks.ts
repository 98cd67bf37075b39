import { kindsOf, type Check } from '#src/model/check.ts';
import type { Arguments } from '#src/model/command.ts';
import type { Detection } from '#src/model/detection.ts';
import { encode } from '#src/model/encode.ts';
import { choice, CHECKS_FORMATS } from './flags.ts';
import { createStyle, type Style } from './output/style.ts';
import { indented } from './output/wrap.ts';
import { print, type World } from './world.ts';

const WIDEST = 120;

/** `k8ssec checks`: lists every check and detection. */
export async function checks(args: Arguments, world: World): Promise<number> {
  const { stdout, env } = world;
  const format = choice(args, 'format', CHECKS_FORMATS) ?? (stdout.isTTY === true ? 'text' : 'jsonl');
  const all = [...(await world.checks()), ...(await world.detections())];
  const style = createStyle(stdout, env);
  const width = Math.min(stdout.columns ?? 80, WIDEST);
  for (const unit of all) await print(stdout, format === 'jsonl' ? `${encode(unitRecord(unit))}\n` : unitText(unit, style, width));
  return 0;
}

/** A check says which kinds of object it reads, a detection which sources of events. */
function unitRecord(unit: Check | Detection): object {
  const { id, title, severity, tips, items, why, fix, sources } = unit;
  return {
    type: isDetection(unit) ? 'detection' : 'check',
    id,
    title,
    severity,
    tips,
    ...(isDetection(unit) ? { reads: unit.reads } : { kinds: kindsOf(unit) }),
    items: Object.entries(items ?? {}).map(([item, { title: about, severity: own = severity }]) => ({ item, severity: own, title: about })),
    why,
    fix,
    references: sources,
  };
}

function unitText(unit: Check | Detection, { bold, severity: paint }: Style, width: number): string {
  const { id, title, severity, items, sources } = unit;
  const itemLines = Object.entries(items ?? {}).map(([item, about]) => indented(`:${item} (${about.severity ?? severity}) ${about.title}`, width, '    '));
  return [
    `${bold(id)}  ${paint(severity, severity)}\n`,
    indented(title, width, '  '),
    ...itemLines,
    indented(`Reads ${isDetection(unit) ? `events of ${unit.reads.join(', ')}` : kindsOf(unit).join(', ')}`, width, '  '),
    indented(`From ${sources.map((source) => source.title).join('; ')}`, width, '  '),
    '\n',
  ].join('');
}

function isDetection(unit: Check | Detection): unit is Detection {
  return 'begin' in unit;
}
