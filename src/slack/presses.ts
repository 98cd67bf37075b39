import type { BlockAction, ButtonAction as PressedButton } from '@slack/bolt';
import type { Message } from '#src/blocks/build.ts';
import type { Caller } from '#src/model/access.ts';
import type { Answer } from '#src/model/command.ts';
import type { StoredButton } from '#src/model/slack-stores.ts';
import { sealMessage } from '#src/outbox/seal.ts';
import { message as plain, section } from '#src/blocks/build.ts';
import { ours } from '#src/blocks/text.ts';
import { answerOnce, type ListenerDeps } from './answers.ts';
import { answerCode } from './refusal.ts';
import { respondPrivately } from './respond.ts';
import { loadingView, modalView } from './views.ts';

type Press = BlockAction<PressedButton>;

const FORGOTTEN = 'I don’t know this button any more. Type /k8ssec help to see what can be asked.';
const ANSWERED = 'This press has been answered already.';

/** What a press on a button leads to: its command runs, and the answer appears where the button stood. */
export async function handlePress(body: Press, action: PressedButton, deps: ListenerDeps): Promise<void> {
  if (action.value === undefined) return;
  const verb = action.action_id.split(':')[0];
  const opensModal = deps.commands.some(({ name, opensModal: opens }) => name === verb && opens === true);
  const caller = callerOf(body);
  if (body.view !== undefined || opensModal || !hasResponseUrl(body)) await answerInModal(body, action.value, caller, deps);
  else await answerOnce(`press/${body.trigger_id}`, body.response_url, deps, async () => ({ message: await pressed(body, action.value ?? '', caller, deps) }));
}

/** A modal has to be opened within three seconds, so it is opened first and filled afterwards. */
async function answerInModal(body: Press, token: string, caller: Caller, deps: ListenerDeps): Promise<void> {
  const { interactive, log } = deps;
  const id = `press/${body.trigger_id}`;
  let viewId: string | undefined;
  try {
    viewId = await openLoading(body, caller, interactive);
  } catch (error) {
    // Another delivery of the same press has opened it, and fills it.
    if (answerCode(error) === 'exchanged_trigger_id') return;
    log.warn({ user: caller.userId, error }, 'a modal could not be opened');
  }
  if (viewId === undefined) {
    if (hasResponseUrl(body)) await answerOnce(id, body.response_url, deps, async () => ({ message: await pressed(body, token, caller, deps) }));
    return;
  }
  const answer = await modalAnswer(id, body, token, caller, deps);
  try {
    await interactive.views.update({ view_id: viewId, view: modalView(answer.title ?? 'k8ssec', answer.message.blocks, caller.channelId) });
  } catch (error) {
    log.warn({ user: caller.userId, error }, 'a modal could not be filled');
    if (hasResponseUrl(body)) await respondPrivately(body.response_url, answer.message);
  }
}

async function openLoading(body: Press, caller: Caller, { views }: ListenerDeps['interactive']): Promise<string | undefined> {
  const open = { trigger_id: body.trigger_id, view: loadingView('k8ssec', caller.channelId) };
  const { view } = body.view?.type === 'modal' ? await views.push(open) : await views.open(open);
  return view?.id;
}

/** Ready to be shown. A failure is an answer too, because the modal stands open already. */
async function modalAnswer(id: string, body: Press, token: string, caller: Caller, deps: ListenerDeps): Promise<Answer> {
  const { once, buttons, dispatch } = deps;
  try {
    const answer = (await once.isFirst(id)) ? await pressedAnswer(body, token, caller, deps) : { message: plain(ANSWERED, [section(ours(ANSWERED))]) };
    return { ...answer, message: await sealMessage(answer.message, (action) => buttons.issue({ action })) };
  } catch (error) {
    return dispatch.fail(error, 'press');
  }
}

function hasResponseUrl({ response_url: url }: { readonly response_url?: string }): boolean {
  return url !== undefined && url !== '';
}

async function pressed(body: Press, token: string, caller: Caller, deps: ListenerDeps): Promise<Message> {
  return (await pressedAnswer(body, token, caller, deps)).message;
}

async function pressedAnswer(body: Press, token: string, caller: Caller, deps: ListenerDeps): Promise<Answer> {
  const stored = await deps.buttons.resolve(token);
  if (stored === undefined) return { message: plain(FORGOTTEN, [section(ours(FORGOTTEN))]) };
  await adopt(body, stored, deps);
  return deps.dispatch.press(stored.action, caller);
}

/** A message whose answer was lost was posted again; when somebody clicks on the first post, it is known after all. */
async function adopt(body: Press, { message: id }: StoredButton, { rows, wake }: ListenerDeps): Promise<void> {
  const { container } = body;
  if (id === undefined || container.type !== 'message' || container.is_ephemeral === true) return;
  const row = await rows.get(id);
  const place = { channel: String(container.channel_id), ts: String(container.message_ts) };
  if (row === undefined || row.place?.ts === place.ts || row.copies.some(({ ts }) => ts === place.ts)) return;
  await rows.adopt(id, place);
  await wake(row.channel);
}

function callerOf(body: Press): Caller {
  const { user, team, channel, view } = body;
  const inModal = view?.type === 'modal' ? view.private_metadata : undefined;
  // Without a channel, as on the Home tab, what a person starts is told to them directly.
  const channelId = [channel?.id, inModal].find(Boolean) ?? user.id;
  return { userId: user.id, name: user.username, teamId: team?.id ?? '', channelId, via: view?.type === 'home' ? 'home' : 'button' };
}
