import { LIMITS } from './limits.ts';
import { RICH_TEXT_LEAVES } from './rich-text.ts';
import type { Json, Report } from './rules.ts';
import { blocksIn, objectsIn, type Located } from './walk.ts';

const TABLES: ReadonlySet<unknown> = new Set(['table', 'data_table']);

/** What counts over a whole message rather than in one block. */
export interface Sums {
  /** Reported under the blocks' own code. */
  readonly invalid: Report;
  readonly onlyOneTable: Report;
  readonly tooLong: Report;
}

/** Checks the sums over the blocks of a message, those in its attachments included. */
export function checkSums(blockLists: readonly { readonly blocks: readonly unknown[]; readonly at: string }[], { invalid, onlyOneTable, tooLong }: Sums): void {
  const blocks = blockLists.flatMap(({ blocks: list, at }) => [...blocksIn(list, at)]);
  const ofType = (types: ReadonlySet<unknown>) => blocks.filter(({ value }) => types.has(value.type));

  const tables = ofType(TABLES);
  for (const { at } of tables.slice(LIMITS.tablesPerMessage)) onlyOneTable(at, 'only_one_table_allowed');
  checkTotal(tables, ({ value }) => cellCharacters(value), LIMITS.tableCharacters, 'in the cells of all tables', invalid);

  const markdown = ofType(new Set(['markdown']));
  checkTotal(markdown, ({ value }) => String(value.text).length, LIMITS.markdown, 'in all markdown blocks', invalid);

  const charts = ofType(new Set(['data_visualization']));
  for (const { at } of charts.slice(LIMITS.dataVisualization.perMessage)) {
    invalid(at, `no more than ${LIMITS.dataVisualization.perMessage} data_visualization blocks allowed`);
  }

  const weight = blocks.filter(({ value }) => value.child_blocks === undefined).reduce((sum, { value }) => sum + weightOf(value), 0);
  if (weight > LIMITS.message.blocks.total) tooLong(blockLists[0]?.at ?? '/blocks', `blocks weigh ${weight}, must be less than ${LIMITS.message.blocks.total + 1}`);
}

function checkTotal(blocks: readonly Located[], length: (block: Located) => number, max: number, where: string, report: Report): void {
  const [first] = blocks;
  const total = blocks.reduce((sum, block) => sum + length(block), 0);
  if (first !== undefined && total > max) report(first.at, `must be less than ${max + 1} characters ${where}`);
}

function cellCharacters(table: Json): number {
  let total = 0;
  for (const { value } of objectsIn(table.rows)) if (typeof value.text === 'string') total += value.text.length;
  return total;
}

/** What Slack seems to count towards `msg_blocks_too_long`: text with its entities escaped, plus something for each part. */
export function weightOf(block: Json): number {
  const { perBlock, perLeaf } = LIMITS.message.blocks;
  let weight: number = perBlock;
  for (const { value } of objectsIn(block)) {
    if (typeof value.text === 'string') weight += escapedLength(value.text);
    if (typeof value.type === 'string' && value !== block && RICH_TEXT_LEAVES.has(value.type)) weight += perLeaf;
  }
  return weight;
}

function escapedLength(text: string): number {
  let length = text.length;
  for (const character of text) {
    if (character === '&') length += 4;
    else if (character === '<' || character === '>') length += 3;
  }
  return length;
}
