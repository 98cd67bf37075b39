import type { ModalView } from '@slack/types';
import { message as plain, section } from '#src/blocks/build.ts';
import { ours } from '#src/blocks/text.ts';
import type { Caller } from '#src/model/access.ts';
import type { Answer, Form } from '#src/model/command.ts';
import { sealBlocks, sealMessage } from '#src/outbox/seal.ts';
import { answerOnce, type ListenerDeps } from './answers.ts';
import { answerCode } from './refusal.ts';
import { respondPrivately } from './respond.ts';
import { formView, loadingView, modalView } from './views.ts';

/** Something that a person did and that a modal answers. */
export interface ModalAsk {
  /** Names this doing of theirs, however often Slack delivers it. */
  readonly id: string;
  readonly triggerId: string;
  /** Done in a modal, on which the new one is put. */
  readonly onModal: boolean;
  /** For an answer where no modal can be opened. */
  readonly responseUrl: string | undefined;
  readonly caller: Caller;
  readonly run: () => Promise<Answer>;
}

const ANSWERED = 'This has been answered already.';

/** A modal has to be opened within three seconds, so it is opened first and filled afterwards. */
export async function answerInModal(ask: ModalAsk, deps: ListenerDeps): Promise<void> {
  const { id, responseUrl, caller, run } = ask;
  let viewId: string | undefined;
  try {
    viewId = await openLoading(ask, deps.interactive);
  } catch (error) {
    // Another delivery of the same has opened it, and fills it.
    if (answerCode(error) === 'exchanged_trigger_id') return;
    deps.log.warn({ user: caller.userId, error }, 'a modal could not be opened');
  }
  if (viewId !== undefined) await fillModal({ id, viewId, responseUrl, caller, run }, deps);
  else if (responseUrl !== undefined) await answerOnce(id, responseUrl, deps, run);
}

async function openLoading({ triggerId, onModal, caller }: ModalAsk, { views }: ListenerDeps['interactive']): Promise<string | undefined> {
  const open = { trigger_id: triggerId, view: loadingView('k8ssec', caller.channelId) };
  const { view } = onModal ? await views.push(open) : await views.open(open);
  return view?.id;
}

export interface OpenModal extends Pick<ModalAsk, 'id' | 'responseUrl' | 'caller' | 'run'> {
  readonly viewId: string;
}

/** Runs it for the first of several deliveries only, and shows the answer in a modal that is open already. */
export async function fillModal({ id, viewId, responseUrl, caller, run }: OpenModal, deps: ListenerDeps): Promise<void> {
  const { once, buttons, dispatch, interactive, log } = deps;
  let answer: Answer;
  let view: ModalView;
  try {
    answer = (await once.isFirst(id)) ? await run() : { message: plain(ANSWERED, [section(ours(ANSWERED))]) };
    answer = { ...answer, message: await sealMessage(answer.message, (action) => buttons.issue({ action })) };
    view = answer.form === undefined ? messageView(answer, caller.channelId) : await sealedForm(answer.form, caller.channelId, deps);
  } catch (error) {
    answer = dispatch.fail(error, id.split('/')[0] ?? id);
    view = messageView(answer, caller.channelId);
  }
  try {
    await interactive.views.update({ view_id: viewId, view });
  } catch (error) {
    log.warn({ user: caller.userId, error }, 'a modal could not be filled');
    if (responseUrl === undefined) return;
    await respondPrivately(responseUrl, answer.message).catch((failure: unknown) => log.warn({ error: failure }, 'an answer did not reach the person'));
  }
}

function messageView({ title = 'k8ssec', message }: Answer, channelId: string): ModalView {
  return modalView(title, message.blocks, channelId);
}

async function sealedForm(form: Form, channelId: string, { buttons }: ListenerDeps): Promise<ModalView> {
  const blocks = await sealBlocks(form.blocks, (action) => buttons.issue({ action }));
  return formView({ ...form, blocks }, { channelId, token: await buttons.issue({ action: form.action }), ...(form.exact && { exact: form.exact }) });
}
