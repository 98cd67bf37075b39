import { isObject, type Report } from './rules.ts';
import { blocksIn, objectsIn } from './walk.ts';

/** Reports block ids used twice in a message or view, action ids used twice in one block, and a second element that takes the focus. */
export function checkUnique(blocks: readonly unknown[], at: string, report: Report): void {
  const blockIds = new Set<unknown>();
  let focused = false;
  for (const { value: block, at: pointer } of blocksIn(blocks, at)) {
    if (typeof block.block_id === 'string') {
      if (blockIds.has(block.block_id)) report(`${pointer}/block_id`, `\`block_id\` "${block.block_id}" already exists`);
      blockIds.add(block.block_id);
    }
    checkActionIds(block, pointer, report);
  }
  for (const { value, at: pointer } of objectsIn(blocks, at)) {
    if (value.focus_on_load !== true) continue;
    if (focused) report(`${pointer}/focus_on_load`, 'only one element can have `focus_on_load`');
    focused = true;
  }
}

function checkActionIds(block: Readonly<Record<string, unknown>>, at: string, report: Report): void {
  const seen = new Set<string>();
  for (const [path, element] of elementsOf(block)) {
    const id = isObject(element) ? element.action_id : undefined;
    if (typeof id !== 'string') continue;
    if (seen.has(id)) report(`${at}${path}/action_id`, `\`action_id\` "${id}" already exists for this block`);
    seen.add(id);
  }
}

/** The elements directly in a block, with their pointers from it. */
function elementsOf(block: Readonly<Record<string, unknown>>): readonly (readonly [path: string, element: unknown])[] {
  const lists = ['elements', 'actions'].flatMap((name) => {
    const items = block[name];
    return Array.isArray(items) ? items.map((item: unknown, index) => [`/${name}/${index}`, item] as const) : [];
  });
  return [...lists, ['/accessory', block.accessory], ['/element', block.element]];
}
