import type { ActionsBlockElement, Button, KnownBlock, SectionBlock } from '@slack/types';
import type { ButtonAction, Message } from '#src/blocks/build.ts';

/** Gives a token for what a button does. */
export type IssueToken = (action: ButtonAction) => Promise<string>;

/** Replaces what buttons do by tokens that say nothing. Action ids become unique within the message: `explain:2`. */
export async function sealBlocks(blocks: readonly KnownBlock[], issue: IssueToken): Promise<readonly KnownBlock[]> {
  let count = 0;
  const seal = async (element: Button): Promise<Button> => {
    if (element.value === undefined) return element;
    const action = JSON.parse(element.value) as ButtonAction;
    count += 1;
    const actionId = `${action.command}:${count}`;
    return { ...element, action_id: actionId, value: await issue(action) };
  };
  const sealed: KnownBlock[] = [];
  for (const block of blocks) {
    if (block.type === 'actions') sealed.push({ ...block, elements: await inTurn(block.elements, (element) => (isButton(element) ? seal(element) : Promise.resolve(element))) });
    else if (hasButton(block)) sealed.push({ ...block, accessory: await seal(block.accessory) });
    else sealed.push(block);
  }
  return sealed;
}

export async function sealMessage(message: Message, issue: IssueToken): Promise<Message> {
  return { ...message, blocks: await sealBlocks(message.blocks, issue) };
}

/** One after the other, so that buttons are numbered as they stand. */
async function inTurn<T>(elements: readonly T[], change: (element: T) => Promise<T>): Promise<T[]> {
  const changed: T[] = [];
  for (const element of elements) changed.push(await change(element));
  return changed;
}

function isButton(element: ActionsBlockElement): element is Button {
  return element.type === 'button';
}

function hasButton(block: KnownBlock): block is SectionBlock & { accessory: Button } {
  return block.type === 'section' && block.accessory?.type === 'button';
}
