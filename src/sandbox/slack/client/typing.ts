import { isObject } from '#src/blocks/rules.ts';
import { ApiError } from '../api/api-error.ts';
import { contentOf } from '../api/content.ts';
import { addAnswer } from '../api/respond.ts';
import type { Channel } from '../state/channels.ts';
import { addMessage, type Message } from '../state/messages.ts';
import { SLACKBOT } from '../state/people.ts';
import { escaped, withMentions } from './mentions.ts';
import { commandPayload } from './payloads.ts';
import { writingBarrier } from './seeing.ts';
import { DONE, errorOf, failed, isInsider, requireActor, type Outcome, type Session } from './session.ts';

export interface Typed {
  readonly outcome: Outcome;
  /** Of a command that reached the app: marks the messages that answer it. */
  readonly responseKey?: string;
  /** Of a plain message. */
  readonly message?: Message;
}

/** A line typed in a channel: a command if it starts with a slash, else a message. */
export async function typeLine(session: Session, channel: Channel, line: string, threadTs?: string): Promise<Typed> {
  requireActor(session);
  const { backend, user } = session;
  const barrier = writingBarrier(backend, channel, user);
  if (barrier !== undefined) return { outcome: failed(barrier) };
  if (!line.startsWith('/')) return { outcome: DONE, message: say(session, channel, line, threadTs) };
  if (threadTs !== undefined) return { outcome: failed('Commands cannot be used in threads.') };
  return runCommand(session, channel, line);
}

function say({ backend, user }: Session, channel: Channel, line: string, threadTs: string | undefined): Message {
  const { app } = backend;
  const message = addMessage(backend, channel, { author: user.id, text: withMentions(backend, escaped(line)), threadTs });
  if (!channel.members.has(app.botUserId)) return message;
  const common = { user: user.id, text: message.text, ts: message.ts, channel: channel.id, ...(threadTs !== undefined && { thread_ts: threadTs }), event_ts: message.ts };
  const kind = { public: 'channel', private: 'group', im: 'im', mpim: 'mpim' }[channel.kind];
  const subscription = kind === 'channel' || kind === 'group' ? `message.${kind}s` : `message.${kind}`;
  backend.emit({ type: 'message', ...common, channel_type: kind }, { channel, subscription });
  if (message.text.includes(`<@${app.botUserId}`)) backend.emit({ type: 'app_mention', ...common }, { channel });
  return message;
}

async function runCommand(session: Session, channel: Channel, line: string): Promise<Typed> {
  const { backend, courier, user } = session;
  const [command, rest] = splitOnce(line);
  const known = backend.app.commands.find((candidate) => candidate.command === command);
  const isUsable = backend.app.installed && backend.app.scopes.has('commands') && isInsider(session);
  if (known === undefined || !isUsable) return refuse(session, channel, `\`${command}\` is not a valid command.`);
  const text = known.should_escape === true ? withMentions(backend, rest) : rest;
  const { payload, responseKey } = commandPayload(backend, user, channel, command, text);
  const delivered = await courier.send({ type: 'slash_commands', payload, acceptsAnswer: true });
  const error = delivered.result === 'acknowledged' ? showAnswer(session, channel, line, responseKey, delivered.answer) : errorOf(delivered);
  if (error === undefined) return { outcome: DONE, responseKey };
  return { ...refuse(session, channel, `${command} failed with the error "${error}"`), responseKey };
}

/** Shows what the acknowledgement carried. The result is the error that the person reads instead. */
function showAnswer({ backend, user }: Session, channel: Channel, line: string, responseKey: string, answer: unknown): string | undefined {
  const url = backend.responseUrls.get(responseKey);
  if (url === undefined || answer === undefined) return undefined;
  const args = typeof answer === 'string' ? { text: answer } : answer;
  if (!isObject(args)) return 'invalid_command_response';
  try {
    const content = contentOf(backend, args);
    // Everybody who sees the answer sees the question too.
    if (args.response_type === 'in_channel') addMessage(backend, channel, { author: user.id, text: escaped(line) });
    addAnswer(backend, url, responseKey, args, content);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return 'invalid_command_response';
    throw error;
  }
}

/** Slackbot tells the person, and nobody else. */
function refuse({ backend, user }: Session, channel: Channel, sentence: string): Typed {
  addMessage(backend, channel, { author: SLACKBOT, text: sentence, visibleTo: user.id });
  return { outcome: failed(sentence) };
}

function splitOnce(line: string): readonly [command: string, rest: string] {
  const [, command = '', rest = ''] = /^(\S+)\s*([^]*)$/.exec(line) ?? [];
  return [command, rest.trim()];
}
