import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { url } from './composition.ts';
import { LIMITS } from './limits.ts';
import { boolean, byType, integer, known, list, object, oneOf, string, type Rule } from './rules.ts';

const style: Rule = object({}, { bold: boolean, code: boolean, italic: boolean, strike: boolean, underline: boolean });
const border = oneOf(0, 1);

const LEAVES = {
  text: object({ type: known, text: string() }, { style }),
  link: object({ type: known, url }, { text: string(), unsafe: boolean, style }),
  user: object({ type: known, user_id: string() }, { style }),
  usergroup: object({ type: known, usergroup_id: string() }, { style }),
  channel: object({ type: known, channel_id: string() }, { style }),
  team: object({ type: known, team_id: string() }, { style }),
  emoji: object({ type: known, name: string() }, { unicode: string(), url, style }),
  broadcast: object({ type: known, range: oneOf('here', 'channel', 'everyone') }, { style }),
  color: object({ type: known, value: string() }, { style }),
  date: object({ type: known, timestamp: integer({ min: 0 }), format: string() }, { url, fallback: string(), style }),
} satisfies Record<RichTextElement['type'], Rule>;

const leaf = byType(LEAVES);
const section = object({ type: known, elements: list(leaf, { min: 0 }) });

const PARTS = {
  rich_text_section: section,
  rich_text_list: object(
    { type: known, style: oneOf('bullet', 'ordered'), elements: list(byType({ rich_text_section: section })) },
    { indent: integer({ min: 0, max: LIMITS.richTextList.indent }), offset: integer({ min: 0 }), border },
  ),
  rich_text_quote: object({ type: known, elements: list(leaf, { min: 0 }) }, { border }),
  rich_text_preformatted: object({ type: known, elements: list(byType({ text: LEAVES.text, link: LEAVES.link }), { min: 0 }) }, { border, language: string() }),
} satisfies Record<RichTextBlockElement['type'], Rule>;

/** A whole rich text block, also where it stands as a table cell, a title or an initial value. */
export const richText: Rule = byType({
  rich_text: object({ type: known, elements: list(byType(PARTS), { min: 0 }) }, { block_id: string({ max: LIMITS.blockId }) }),
});

export const RICH_TEXT_LEAVES: ReadonlySet<string> = new Set(Object.keys(LEAVES));
