import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Message } from '#src/blocks/build.ts';
import { cut } from '#src/blocks/text.ts';

const TITLE = 24;

/** What a modal remembers: the channel in which it was opened, for what its buttons start. */
export function modalView(title: string, blocks: readonly KnownBlock[], channelId: string): ModalView {
  return {
    type: 'modal',
    title: { type: 'plain_text', text: cut(title, TITLE) },
    close: { type: 'plain_text', text: 'Close' },
    private_metadata: channelId,
    blocks: [...blocks],
  };
}

/** Shown at once, because a modal must be opened within three seconds of the click. */
export function loadingView(title: string, channelId: string): ModalView {
  return modalView(title, [{ type: 'section', text: { type: 'plain_text', text: 'Loading…' } }], channelId);
}

export function homeView({ blocks }: Message): HomeView {
  return { type: 'home', blocks: [...blocks] };
}
