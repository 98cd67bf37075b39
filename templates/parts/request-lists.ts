import type { KnownBlock, RichTextSection } from '@slack/types';
import { bullets, line, preformatted, richText, words } from '#src/blocks/build.ts';
import { brief, oneLine } from '#src/blocks/text.ts';
import { SHOWN_CHANGES, type RequestShown, type ShownChange } from '#src/model/request-shown.ts';

const ITEMS = 15;
const COMMANDS = 3;

/** What would be changed, or how each change stands. */
export function changeList(request: RequestShown): KnownBlock {
  const { card, changes, counts, clusters } = request;
  const shown = changes.slice(0, SHOWN_CHANGES);
  const all = Math.max(counts.all, changes.length);
  const isBegun = counts.done + counts.failed + counts.takenBack + counts.notTakenBack > 0;
  const heading = isBegun ? 'Changes' : brief(card.effect);
  const more = all > shown.length ? [line(words(`… ${(all - shown.length).toLocaleString('en-US')} more`))] : [];
  return richText(line(words(`${heading} (${all.toLocaleString('en-US')})`, { bold: true })), bullets([...shown.map((change) => changeLine(change, clusters.length > 1)), ...more]));
}

function changeLine({ cluster, text, state, problem, irreversible }: ShownChange, namesCluster: boolean): RichTextSection {
  const why = problem === undefined ? '' : `: ${brief(problem)}`;
  const stands = { open: '', done: ' · done', failed: ` · FAILED${why}`, 'taken-back': ' · taken back', 'not-taken-back': ` · NOT TAKEN BACK${why}` }[state];
  const lasting = state === 'open' && irreversible !== undefined ? ` · cannot be taken back: ${brief(irreversible)}` : '';
  return line(...(namesCluster ? [words(`${oneLine(cluster)}: `)] : []), words(brief(text)), ...(stands + lasting === '' ? [] : [words(stands + lasting, { bold: true })]));
}

/** What a person can type where a change was not taken back. */
export function commandList({ changes }: RequestShown): readonly KnownBlock[] {
  const commands = changes.flatMap(({ state, command }) => (state === 'not-taken-back' && command !== undefined ? [command] : []));
  return commands.length === 0 ? [] : [richText(line(words('What stood there comes back by', { bold: true })), ...commands.slice(0, COMMANDS).map(preformatted))];
}

/** What it is about, one by one. */
export function itemList({ card: { items = [] } }: RequestShown): readonly KnownBlock[] {
  if (items.length === 0) return [];
  const more = items.length > ITEMS ? [line(words(`… ${(items.length - ITEMS).toLocaleString('en-US')} more`))] : [];
  return [richText(bullets([...items.slice(0, ITEMS).map((item) => line(words(brief(item)))), ...more]))];
}

/** What stays, or cannot be done from here. */
export function stayList({ stays }: RequestShown): readonly KnownBlock[] {
  if (stays.length === 0) return [];
  return [richText(line(words('Stays, or cannot be changed from here', { bold: true })), bullets(stays.slice(0, SHOWN_CHANGES).map((text) => line(words(brief(text))))))];
}
