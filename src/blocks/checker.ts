import { BLOCKS } from './block-rules.ts';
import { plainText } from './composition.ts';
import { LIMITS } from './limits.ts';
import { boolean, byType, isObject, known, list, object, string, type Fields, type Report, type Rule } from './rules.ts';
import { checkSums } from './sums.ts';
import { checkSurface, type Surface } from './surfaces.ts';
import { checkUnique } from './unique.ts';
import { blocksIn } from './walk.ts';

/** The error with which Slack would refuse. */
export type IssueCode =
  | 'invalid_blocks'
  | 'invalid_attachments'
  | 'only_one_table_allowed'
  | 'too_many_attachments'
  | 'msg_blocks_too_long'
  | 'msg_too_long'
  | 'no_text'
  | 'invalid_arguments'
  | 'view_too_large';

export interface Issue {
  readonly code: IssueCode;
  /** JSON pointer from the message or the view, such as `/blocks/0/text/text`. */
  readonly pointer: string;
  /** In Slack's words: `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
  readonly message: string;
}

/** A message before it is trusted to be one: from a template, or parsed from a request. */
export interface CheckedMessage {
  readonly text?: unknown;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
}

/**
 * Everything for which Slack would refuse a message, whether it is posted or edited later. An empty list means that it fits.
 *
 * Whether a file exists, and whether a person, channel or group is real, only Slack knows.
 */
export function checkMessage({ text, blocks, attachments }: CheckedMessage): readonly Issue[] {
  const issues: Issue[] = [];
  const attached = Array.isArray(attachments) ? (attachments as readonly unknown[]) : [];
  const lists = attached.flatMap((attachment, index) =>
    isObject(attachment) && Array.isArray(attachment.blocks) ? [{ blocks: attachment.blocks as readonly unknown[], at: `/attachments/${index}/blocks` }] : [],
  );
  if (!isFilled(text) && !isFilled(blocks) && attached.length === 0) issues.push(issueOf('no_text', '/text', 'no_text'));
  if (typeof text === 'string' && Buffer.byteLength(text) > LIMITS.message.updatedTextBytes) issues.push(issueOf('msg_too_long', '/text', 'msg_too_long'));
  if (attached.length > LIMITS.message.attachments) {
    issues.push(issueOf('too_many_attachments', '/attachments', `no more than ${LIMITS.message.attachments} items allowed`));
  }
  if (blocks !== undefined) checkBlockList('message', blocks, '/blocks', reporter('invalid_blocks', issues));
  for (const { blocks: inner, at } of lists) checkBlockList('message', inner, at, reporter('invalid_attachments', issues));
  const all = Array.isArray(blocks) ? [{ blocks: blocks as readonly unknown[], at: '/blocks' }, ...lists] : lists;
  checkSums(all, {
    invalid: reporter('invalid_blocks', issues),
    onlyOneTable: reporter('only_one_table_allowed', issues),
    tooLong: reporter('msg_blocks_too_long', issues),
  });
  return issues;
}

/** Everything for which Slack would refuse a modal or a Home tab. */
export function checkView(view: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  const report = reporter('invalid_arguments', issues);
  VIEWS(view, '', report);
  if (!isObject(view)) return issues;
  if (isSurfaceOfView(view.type) && view.blocks !== undefined) checkBlockList(view.type, view.blocks, '/blocks', report);
  const blocks = Array.isArray(view.blocks) ? (view.blocks as readonly unknown[]) : [];
  const hasInput = [...blocksIn(blocks, '/blocks')].some(({ value }) => value.type === 'input');
  if (view.type === 'modal' && hasInput && view.submit === undefined) report('', 'missing required field: submit');
  if (Buffer.byteLength(JSON.stringify(view)) > LIMITS.view.bytes) issues.push(issueOf('view_too_large', '', 'view_too_large'));
  return issues;
}

const block = byType(BLOCKS);

const VIEW_FIELDS: Fields = {
  private_metadata: string({ min: 0, max: LIMITS.view.privateMetadata }),
  callback_id: string({ min: 0, max: LIMITS.view.callbackId }),
  external_id: string({ min: 0, max: LIMITS.view.externalId }),
};

/** The blocks are checked apart, since what may stand there depends on the surface. */
const VIEWS: Rule = byType({
  modal: object(
    { type: known, title: plainText(LIMITS.view.title), blocks: known },
    { ...VIEW_FIELDS, submit: plainText(LIMITS.view.submit), close: plainText(LIMITS.view.close), clear_on_close: boolean, notify_on_close: boolean },
  ),
  home: object({ type: known, blocks: known }, VIEW_FIELDS),
});

/** The blocks of one surface, without what is summed over a message. */
function checkBlockList(surface: Surface, blocks: unknown, at: string, report: Report): void {
  list(block, { min: 0, max: LIMITS.blocks[surface] })(blocks, at, report);
  if (!Array.isArray(blocks)) return;
  checkSurface(surface, blocks, at, report);
  checkUnique(blocks, at, report);
}

function reporter(code: IssueCode, issues: Issue[]): Report {
  return (pointer, message) => void issues.push(issueOf(code, pointer, message));
}

function issueOf(code: IssueCode, pointer: string, message: string): Issue {
  return { code, pointer, message: `${message} [json-pointer:${pointer}]` };
}

function isSurfaceOfView(type: unknown): type is 'modal' | 'home' {
  return type === 'modal' || type === 'home';
}

function isFilled(value: unknown): boolean {
  return (typeof value === 'string' || Array.isArray(value)) && value.length > 0;
}
