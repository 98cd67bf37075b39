/**
 * Slack's figures for messages, views and interactions, in one place.
 *
 * Lengths are counted in UTF-16 code units, as `String.length` does. Slack counts characters, so an emoji may weigh less there: what
 * fits here fits in Slack. Entries marked "reported" are not in Slack's documentation but were measured by others.
 */
export const LIMITS = {
  blocks: { message: 50, modal: 100, home: 100 },
  blockId: 255,
  actionId: 255,
  /** Any text object that has no smaller limit of its own. */
  text: 3000,
  url: 3000,

  section: { fields: 10, field: 2000 },
  header: { text: 150, level: 4 },
  context: { elements: 10 },
  actions: { elements: 25 },
  contextActions: { elements: 5 },
  input: { label: 2000, hint: 2000 },
  image: { altText: 2000, title: 2000 },
  video: { title: 199, authorName: 49 },
  card: { title: 150, subtitle: 150, body: 200, buttons: 2 },
  carousel: { cards: 10 },
  container: { title: 150, subtitle: 150, children: 10 },
  /** Over all markdown blocks of a message together. */
  markdown: 12_000,
  table: { rows: 100, cells: 20 },
  dataTable: { minRows: 2, rows: 101, columns: 20, pageSize: 100 },
  /** Over all cells of a message's tables together. */
  tableCharacters: 10_000,
  tablesPerMessage: 1,
  dataVisualization: { title: 50, label: 20, categories: 20, series: 6, perMessage: 2 },
  richTextList: { indent: 8 },

  button: { text: 75, value: 2000, accessibilityLabel: 75 },
  confirm: { title: 100, text: 300, button: 30 },
  /** Slack's newer documentation says 150 for the value; its types say 75. */
  option: { text: 75, description: 75, value: 75 },
  optionGroup: { label: 75 },
  select: { options: 100, groups: 100 },
  choices: { options: 10 },
  overflow: { options: 5 },
  placeholder: 150,
  plainTextInput: 3000,
  fileInput: { files: 10 },
  richTextInput: { lines: 100 },

  view: { title: 24, submit: 24, close: 24, privateMetadata: 3000, callbackId: 255, externalId: 255, bytes: 250_000, stack: 3 },

  message: {
    /** `chat.postMessage` cuts here without an error. */
    postedText: 40_000,
    /** `chat.update` refuses above. Reported: in bytes of UTF-8. */
    updatedTextBytes: 4000,
    attachments: 100,
    /**
     * Reported, never documented: `msg_blocks_too_long` when the text of all blocks and an overhead for each block and each piece of
     * rich text exceed it. One markdown block passed with 13,297 characters; a divider beside it cost 125.
     */
    blocks: { total: 13_200, perBlock: 125, perLeaf: 25 },
    /** Assumed; Slack names no figure. */
    metadataBytes: 16_000,
  },

  /** Time to acknowledge a command or interaction, and to use its trigger. */
  acknowledgeMs: 3000,
  triggerMs: 3000,
  responseUrl: { uses: 5, ms: 30 * 60_000 },
  /** Waits before each further delivery of an event that was not acknowledged. */
  eventRetryMs: [0, 60_000, 5 * 60_000],
  socketsPerApp: 10,
  postsPerSecondPerChannel: 1,
  /** Calls per minute, by method, application and workspace. */
  tiers: { 1: 1, 2: 20, 3: 50, 4: 100 },
  /** Largest difference between a signed request's timestamp and the receiver's clock. */
  signatureAgeSeconds: 300,
} as const;
