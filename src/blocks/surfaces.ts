import type { Report } from './rules.ts';
import { blocksIn, objectsIn } from './walk.ts';

/** Where blocks are shown. */
export type Surface = 'message' | 'modal' | 'home';

const REFUSED_BLOCKS: Readonly<Record<Surface, ReadonlySet<unknown>>> = {
  message: new Set(['alert', 'file']),
  modal: new Set(['card', 'carousel', 'container', 'context_actions', 'data_table', 'data_visualization', 'file', 'markdown', 'plan', 'table', 'task_card']),
  home: new Set(['alert', 'context_actions', 'data_table', 'file', 'markdown', 'plan', 'table', 'task_card']),
};

const MODAL_ONLY = ['email_text_input', 'file_input', 'number_input', 'url_text_input'];

const REFUSED_ELEMENTS: Readonly<Record<Surface, ReadonlySet<unknown>>> = {
  message: new Set(MODAL_ONLY),
  modal: new Set(['workflow_button']),
  home: new Set([...MODAL_ONLY, 'datetimepicker', 'workflow_button']),
};

/** Reports blocks and elements that are right in themselves but not shown on this surface. */
export function checkSurface(surface: Surface, blocks: readonly unknown[], at: string, report: Report): void {
  for (const { value, at: pointer } of blocksIn(blocks, at)) {
    if (REFUSED_BLOCKS[surface].has(value.type)) report(`${pointer}/type`, `unsupported type: ${String(value.type)}`);
  }
  for (const { value, at: pointer } of objectsIn(blocks, at)) {
    if (REFUSED_ELEMENTS[surface].has(value.type)) report(`${pointer}/type`, `unsupported type: ${String(value.type)}`);
  }
}
