import { checkMessage, checkView, type Issue } from '#src/blocks/checker.ts';
import { LIMITS } from '#src/blocks/limits.ts';
import { isObject, type Json } from '#src/blocks/rules.ts';
import { objectsIn } from '#src/blocks/walk.ts';
import type { Backend } from '../state/backend.ts';
import { isShowable, privateUrl } from '../state/files.ts';
import type { MessageContent } from '../state/messages.ts';
import { ApiError, invalidArguments } from './api-error.ts';
import { jsonArg, objectsArg, textArg, type Arguments } from './arguments.ts';

/** What a checked message may be answered with besides `ok`. */
export interface CheckedContent extends MessageContent {
  readonly warnings: readonly string[];
}

/** The content of a message in the arguments of a method. @throws {ApiError} as Slack refuses it. */
export function contentOf(backend: Backend, args: Arguments): CheckedContent {
  const given = textArg(args, 'text') ?? '';
  if (isObject(args.text) || Array.isArray(args.text)) throw invalidArguments('must provide a string [json-pointer:/text]');
  const blocks = objectsArg(args, 'blocks', 'invalid_blocks_format') ?? [];
  const attachments = objectsArg(args, 'attachments', 'invalid_attachments') ?? [];
  refuse(checkMessage({ text: given, blocks, attachments }).filter(({ code }) => code !== 'msg_too_long'));
  refuseHiddenFiles(backend, blocks, '/blocks');
  const isCut = given.length > LIMITS.message.postedText;
  const warnings = [...(isCut ? ['message_truncated'] : []), ...(given === '' ? ['missing_text_in_message'] : [])];
  return { text: given.slice(0, LIMITS.message.postedText), blocks, attachments, warnings };
}

/** The view in the arguments of a method. @throws {ApiError} as Slack refuses it. */
export function viewOf(backend: Backend, args: Arguments): Json {
  const view = jsonArg(args, 'view', 'invalid_arguments');
  const issues = checkView(view);
  if (issues.some(({ code }) => code === 'view_too_large')) throw new ApiError('view_too_large');
  refuseView(issues);
  if (!isObject(view)) throw new ApiError('invalid_arguments');
  refuseHiddenFiles(backend, view.blocks, '/view/blocks');
  return view;
}

/** An optional `metadata` argument. @throws {ApiError} as Slack refuses it. */
export function metadataOf(args: Arguments): Json | undefined {
  const metadata = jsonArg(args, 'metadata', 'invalid_metadata_format');
  if (metadata === undefined || metadata === null) return undefined;
  if (!isObject(metadata)) throw new ApiError('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return undefined;
  if (typeof metadata.event_type !== 'string' || !isObject(metadata.event_payload)) throw new ApiError('invalid_metadata_schema');
  if (Buffer.byteLength(JSON.stringify(metadata)) > LIMITS.message.metadataBytes) throw new ApiError('metadata_too_large');
  return metadata;
}

/** Slack's error for the first kind of fault, with all faults of that kind. */
function refuse(issues: readonly Issue[]): void {
  const [first] = issues;
  if (first === undefined) return;
  const same = issues.filter(({ code }) => code === first.code).map(({ message }) => message);
  // Slack keeps tables as attachments, and says so when it refuses a second one.
  const error = first.code === 'only_one_table_allowed' ? 'invalid_attachments' : first.code;
  throw new ApiError(error, { errors: same, response_metadata: { messages: same.map((message) => `[ERROR] ${message}`) } });
}

function refuseView(issues: readonly Issue[]): void {
  if (issues.length === 0) return;
  const messages = issues.map(({ message }) => `[ERROR] ${message.replace('[json-pointer:', '[json-pointer:/view')}`);
  throw new ApiError('invalid_arguments', { response_metadata: { messages } });
}

/** A picture can be shown only by the app that uploaded it, and only some moments after. */
function refuseHiddenFiles(backend: Backend, blocks: unknown, at: string): void {
  const messages = [...objectsIn(blocks, at)].flatMap(({ value, at: pointer }) => {
    if (!isObject(value.slack_file)) return [];
    const { id, url } = value.slack_file;
    const file = [...backend.files.values()].find((candidate) => candidate.id === id || privateUrl(backend, candidate) === url);
    return file !== undefined && isShowable(backend, file) ? [] : [`invalid slack file [json-pointer:${pointer}/slack_file]`];
  });
  if (messages.length === 0) return;
  const error = at === '/blocks' ? 'invalid_blocks' : 'invalid_arguments';
  throw new ApiError(error, { errors: messages, response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}
