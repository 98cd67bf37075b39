import type { BlockAction, ButtonAction as PressedButton } from '@slack/bolt';
import { message as plain, section } from '#src/blocks/build.ts';
import { ours } from '#src/blocks/text.ts';
import type { Caller } from '#src/model/access.ts';
import { findCommand, type Answer } from '#src/model/command.ts';
import type { StoredButton } from '#src/model/slack-stores.ts';
import { answerOnce, type ListenerDeps } from './answers.ts';
import { answerInModal } from './modals.ts';
import { memoryOf } from './views.ts';

type Press = BlockAction<PressedButton>;

const FORGOTTEN = 'I don’t know this button any more. Type /k8ssec help to see what can be asked.';

/** What a press on a button leads to: its command runs, and the answer appears where the button stood. */
export async function handlePress(body: Press, { action_id: actionId, value: token }: PressedButton, deps: ListenerDeps): Promise<void> {
  if (token === undefined) return;
  const command = findCommand(deps.commands, actionId.split(':')[0] ?? '');
  const opensModal = command?.opensModal === true || command?.form !== undefined;
  const caller = callerOf(body);
  const id = `press/${body.trigger_id}`;
  const responseUrl = body.response_url === '' ? undefined : body.response_url;
  const run = () => pressed(body, token, caller, deps);
  if (body.view === undefined && !opensModal && responseUrl !== undefined) await answerOnce(id, responseUrl, deps, run);
  else await answerInModal({ id, triggerId: body.trigger_id, onModal: body.view?.type === 'modal', responseUrl, caller, run }, deps);
}

async function pressed(body: Press, token: string, caller: Caller, deps: ListenerDeps): Promise<Answer> {
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
  const inModal = view?.type === 'modal' ? memoryOf(view).channelId : undefined;
  // Without a channel, as on the Home tab, what a person starts is told to them directly.
  const channelId = [channel?.id, inModal].find(Boolean) ?? user.id;
  return { userId: user.id, name: user.username, teamId: team?.id ?? '', channelId, via: view?.type === 'home' ? 'home' : 'button' };
}
