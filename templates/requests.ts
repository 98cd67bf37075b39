import type { KnownBlock } from '@slack/types';
import { context, header, message } from '#src/blocks/build.ts';
import { code, counted, md, ours } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import { isWaiting } from './parts/request.ts';
import { requestEntry, type RequestEntry } from './parts/request-entry.ts';
import { SAMPLE_ENTRIES } from './samples/request-entries.ts';

const SHOWN = 15;

export interface RequestsMessage {
  /** Those that the reader may see, newest first. */
  readonly entries: readonly RequestEntry[];
}

/** Every open request, each with its own buttons. */
export const template = defineTemplate<RequestsMessage>({
  name: 'requests',
  summary: 'The requests that wait for a decision or can be taken back, each with its own buttons.',
  samples: { none: { entries: [] }, several: { entries: SAMPLE_ENTRIES } },
  render: ({ entries }) => {
    const waiting = entries.filter(({ request }) => isWaiting(request)).length;
    const title = `${counted(waiting, 'request waits', 'requests wait')} for a decision`;
    const sorted = [...entries.filter(({ request }) => isWaiting(request)), ...entries.filter(({ request }) => !isWaiting(request))];
    const blocks: KnownBlock[] = [header(title), ...sorted.slice(0, SHOWN).flatMap(requestEntry)];
    if (sorted.length > SHOWN) blocks.push(context(md`and ${sorted.length - SHOWN} more`));
    if (sorted.length > 0) blocks.push(context(md`One of them in full: ${code('/k8ssec approvals <request>')}`));
    const others = entries.length - waiting;
    return message(`${title}${others > 0 ? `, ${counted(others, 'other is', 'others are')} in effect` : ''}.`, sorted.length > 0 ? blocks : [...blocks, context(ours('Nothing is in effect that could be taken back.'))]);
  },
});
