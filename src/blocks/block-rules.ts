import type { ContainerBlock, KnownBlock } from '@slack/types';
import { anyText, exactlyOneImage, imageElement, imageSource, mrkdwn, plainText, url } from './composition.ts';
import { accessory, actionsElement, button, contextActionsElement, inputElement } from './elements.ts';
import { LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { boolean, byType, either, integer, isObject, known, list, number, object, oneOf, string, when, type Fields, type Rule } from './rules.ts';

const type = known;
const id: Fields = { block_id: string({ max: LIMITS.blockId }) };
const https = string({ max: LIMITS.url, pattern: /^https:\/\// });

const rawText = object({ type, text: string() });
const rawNumber = object({ type, value: number, text: string() });
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richText });

const columnSetting: Rule = (value, at, report) => {
  if (value !== null) object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean })(value, at, report);
};

const card: Rule = object(
  { type },
  {
    ...id,
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwn(LIMITS.card.title),
    subtitle: mrkdwn(LIMITS.card.subtitle),
    body: mrkdwn(LIMITS.card.body),
    actions: list(button, { max: LIMITS.card.buttons }),
  },
  either('hero_image', 'title', 'actions', 'body'),
);

const taskCard: Rule = object(
  { type, task_id: string(), title: string(), status: oneOf('pending', 'in_progress', 'complete', 'error') },
  { ...id, details: richText, output: richText, sources: list(byType({ url: object({ type, url, text: string() }) })) },
);

const PLAIN_BLOCKS = {
  actions: object({ type, elements: list(actionsElement, { max: LIMITS.actions.elements }) }, id),
  context: object({ type, elements: list(contextElement, { max: LIMITS.context.elements }) }, id),
  divider: object({ type }, id),
  file: object({ type, source: oneOf('remote'), external_id: string() }, id),
  header: object({ type, text: plainText(LIMITS.header.text) }, { ...id, level: integer({ min: 1, max: LIMITS.header.level }) }),
  image: object(
    { type, alt_text: string({ max: LIMITS.image.altText }) },
    { ...id, ...imageSource, title: plainText(LIMITS.image.title) },
    exactlyOneImage,
  ),
  input: object(
    { type, label: plainText(LIMITS.input.label), element: inputElement },
    { ...id, hint: plainText(LIMITS.input.hint), optional: boolean, dispatch_action: boolean },
  ),
  rich_text: richText,
  section: object(
    { type },
    { ...id, text: anyText(), fields: list(anyText(LIMITS.section.field), { max: LIMITS.section.fields }), accessory, expand: boolean },
    either('text', 'fields'),
  ),
  table: object(
    { type, rows: list(list(cell, { max: LIMITS.table.cells }), { max: LIMITS.table.rows }) },
    { ...id, column_settings: list(columnSetting, { min: 0, max: LIMITS.table.cells }) },
  ),
  video: object(
    { type, alt_text: string(), title: plainText(LIMITS.video.title), thumbnail_url: url, video_url: https },
    {
      ...id,
      author_name: string({ max: LIMITS.video.authorName }),
      description: plainText(),
      provider_icon_url: url,
      provider_name: string(),
      title_url: https,
    },
  ),
} satisfies Record<ContainerBlock['child_blocks'][number]['type'], Rule>;

const container: Rule = object(
  { type, child_blocks: list(byType(PLAIN_BLOCKS), { max: LIMITS.container.children }) },
  {
    ...id,
    title: plainText(LIMITS.container.title),
    rich_text_title: richText,
    subtitle: anyText(LIMITS.container.subtitle),
    width: oneOf('narrow', 'standard', 'wide', 'full'),
    icon: imageElement,
    is_collapsible: boolean,
    default_collapsed: boolean,
    has_header_divider: boolean,
  },
  either('title', 'rich_text_title'),
  when(({ default_collapsed: closed, is_collapsible: closable }) => closed === true && closable !== true, '`default_collapsed` requires `is_collapsible`'),
);

const dataTable: Rule = object(
  { type, caption: string(), rows: list(list(cell, { max: LIMITS.dataTable.columns }), { min: LIMITS.dataTable.minRows, max: LIMITS.dataTable.rows }) },
  {
    ...id,
    page_size: integer({ min: 1, max: LIMITS.dataTable.pageSize }),
    row_header_column_index: integer({ min: 0, max: LIMITS.dataTable.columns - 1 }),
  },
  dataTableShape,
);

/** Not in @slack/types yet; its axes and values are not checked. */
const dataVisualization: Rule = object(
  { type, title: string({ max: LIMITS.dataVisualization.title }), chart: chartRule },
  id,
);

/** Every block, whatever the surface. The key type makes a new block of @slack/types a compile error here. */
export const BLOCKS: Readonly<Record<KnownBlock['type'] | 'data_visualization', Rule>> = {
  ...PLAIN_BLOCKS,
  alert: object({ type, text: anyText() }, { ...id, level: oneOf('default', 'info', 'warning', 'error', 'success') }),
  card,
  carousel: object({ type, elements: list(byType({ card }), { max: LIMITS.carousel.cards }) }, id),
  container,
  context_actions: object({ type, elements: list(contextActionsElement, { max: LIMITS.contextActions.elements }) }, id),
  data_table: dataTable,
  data_visualization: dataVisualization,
  markdown: object({ type, text: string({ max: LIMITS.markdown }) }, id),
  plan: object({ type, title: string() }, { ...id, tasks: list(byType({ task_card: taskCard }), { min: 0 }) }),
  task_card: taskCard,
};

function contextElement(value: unknown, at: string, report: (pointer: string, message: string) => void): void {
  const rule = isObject(value) && value.type === 'image' ? imageElement : anyText();
  rule(value, at, report);
}

/** The first row is the header and holds no rich text; every other row has as many cells. */
function dataTableShape(value: unknown, at: string, report: (pointer: string, message: string) => void): void {
  if (!isObject(value) || !Array.isArray(value.rows)) return;
  const [header, ...rows] = value.rows as readonly unknown[];
  if (!Array.isArray(header)) return;
  for (const [index, entry] of header.entries()) {
    if (isObject(entry) && entry.type === 'rich_text') report(`${at}/rows/0/${index}/type`, 'unsupported type: rich_text');
  }
  for (const [index, row] of rows.entries()) {
    if (Array.isArray(row) && row.length !== header.length) report(`${at}/rows/${index + 1}`, `must provide ${header.length} items`);
  }
  if (Number(value.row_header_column_index) >= header.length) report(`${at}/row_header_column_index`, `must be less than ${header.length}`);
}

function chartRule(value: unknown, at: string, report: (pointer: string, message: string) => void): void {
  if (!isObject(value)) {
    report(at, 'must provide an object');
    return;
  }
  oneOf('line', 'bar', 'area', 'pie')(value.type, `${at}/type`, report);
  const parts = value.type === 'pie' ? 'segments' : 'series';
  list(known, { max: LIMITS.dataVisualization.series })(value[parts], `${at}/${parts}`, report);
}
