import { kindsOf, type Check } from '#src/model/check.ts';
import type { Arguments } from '#src/model/command.ts';
import { choice, CHECKS_FORMATS } from './flags.ts';
import { encode } from './output/encode.ts';
import { createStyle, type Style } from './output/style.ts';
import { indented } from './output/wrap.ts';
import { print, type World } from './world.ts';

const WIDEST = 120;

/** `k8ssec checks`: lists every check. */
export async function checks(args: Arguments, world: World): Promise<number> {
  const { stdout, env } = world;
  const format = choice(args, 'format', CHECKS_FORMATS) ?? (stdout.isTTY === true ? 'text' : 'jsonl');
  const all = await world.checks();
  const style = createStyle(stdout, env);
  const width = Math.min(stdout.columns ?? 80, WIDEST);
  for (const check of all) await print(stdout, format === 'jsonl' ? `${encode(checkRecord(check))}\n` : checkText(check, style, width));
  return 0;
}

function checkRecord(check: Check): object {
  const { id, title, severity, tips, items, why, fix, sources } = check;
  return {
    type: 'check',
    id,
    title,
    severity,
    tips,
    kinds: kindsOf(check),
    items: Object.entries(items ?? {}).map(([item, { title: about, severity: own = severity }]) => ({ item, severity: own, title: about })),
    why,
    fix,
    references: sources,
  };
}

function checkText(check: Check, { bold, severity: paint }: Style, width: number): string {
  const { id, title, severity, items, sources } = check;
  const itemLines = Object.entries(items ?? {}).map(([item, about]) => indented(`:${item} (${about.severity ?? severity}) ${about.title}`, width, '    '));
  return [
    `${bold(id)}  ${paint(severity, severity)}\n`,
    indented(title, width, '  '),
    ...itemLines,
    indented(`Reads ${kindsOf(check).join(', ')}`, width, '  '),
    indented(`From ${sources.map((source) => source.title).join('; ')}`, width, '  '),
    '\n',
  ].join('');
}
