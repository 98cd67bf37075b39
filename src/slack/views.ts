import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Message } from '#src/blocks/build.ts';
import { LIMITS } from '#src/blocks/limits.ts';
import { cut } from '#src/blocks/text.ts';
import type { Entered, Form } from '#src/model/command.ts';

const TITLE = 24;

/** What a modal remembers between being shown and being used. */
export interface ModalMemory {
  /** In which it was opened, for what its buttons start. */
  readonly channelId: string;
  /** Stands for what its submission runs. */
  readonly token?: string;
  /** What has to stand in fields of the form. */
  readonly exact?: Entered;
}

export function modalView(title: string, blocks: readonly KnownBlock[], channelId: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: cut(title, TITLE) },
    close: { type: 'plain_text', text: 'Close' },
    private_metadata: metadataOf({ channelId }),
    blocks: [...blocks],
  };
}

/** A modal that can be submitted; its callback id names the command that will run. */
export function formView({ title, submit, blocks, action }: Form, memory: ModalMemory): ModalView {
  return {
    ...modalView(title, blocks, memory.channelId),
    callback_id: action.command,
    submit: { type: 'plain_text', text: cut(submit, TITLE) },
    close: { type: 'plain_text', text: 'Go back' },
    private_metadata: metadataOf(memory),
  };
}

/** Shown at once, because a modal must be opened within three seconds of the click. */
export function loadingView(title: string, channelId: string): ModalView {
  return waitingView(title, 'Loading…', channelId);
}

/** Shown from a submission until its answer is known. */
export function workingView(title: string, channelId: string): ModalView {
  return waitingView(title, 'Working…', channelId);
}

function waitingView(title: string, text: string, channelId: string): ModalView {
  return modalView(title, [{ type: 'section', text: { type: 'plain_text', text } }], channelId);
}

export function homeView({ blocks }: Message): HomeView {
  return { type: 'home', blocks: [...blocks] };
}

export function memoryOf({ private_metadata: metadata }: { readonly private_metadata: string }): ModalMemory {
  const [channelId = '', token, ...exact] = metadata.split(' ');
  return { channelId, ...(token !== undefined && { token }), ...(exact.length > 0 && { exact: JSON.parse(exact.join(' ')) as Entered }) };
}

/** Where there is no room for the whole, the command that is run for the form has to do without it. */
function metadataOf({ channelId, token, exact }: ModalMemory): string {
  const brief = token === undefined ? channelId : `${channelId} ${token}`;
  const whole = exact === undefined ? brief : `${brief} ${JSON.stringify(exact)}`;
  return whole.length > LIMITS.view.privateMetadata ? brief : whole;
}
