import type { Json } from '#src/blocks/rules.ts';
import { LIMITS } from '#src/blocks/limits.ts';
import { elementsIn, valueOf, type PlacedElement } from '../state/entered.ts';
import type { StoredView } from '../state/views.ts';

/** What stands below each input when a person presses the submit button too early, by block id. */
export function faultsOf(view: StoredView): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const placed of elementsIn(view.content.blocks)) {
    if (placed.block.type !== 'input') continue;
    const fault = faultOf(placed, valueOf(placed, view.entered) ?? {});
    if (fault !== undefined) faults[placed.blockId] = fault;
  }
  return faults;
}

function faultOf({ block, element }: PlacedElement, value: Json): string | undefined {
  const filled = filledPart(value);
  if (filled === undefined) return block.optional === true ? undefined : 'Please complete this required field.';
  if (typeof filled !== 'string') return undefined;
  switch (element.type) {
    case 'plain_text_input':
      return lengthFault(filled.length, element);
    case 'email_text_input':
      return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(filled) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(filled) ? undefined : 'Please enter a valid URL.';
    case 'number_input':
      return numberFault(Number(filled), element);
    default:
      return undefined;
  }
}

function lengthFault(length: number, element: Json): string | undefined {
  const [min, max] = [Number(element.min_length ?? 0), Number(element.max_length ?? LIMITS.plainTextInput)];
  if (length < min) return `Please enter at least ${min} characters.`;
  return length > max ? `Please enter at most ${max} characters.` : undefined;
}

function numberFault(value: number, element: Json): string | undefined {
  const [min, max] = [Number(element.min_value ?? -Infinity), Number(element.max_value ?? Infinity)];
  if (Number.isNaN(value) || (element.is_decimal_allowed !== true && !Number.isInteger(value))) return 'Please enter a valid number.';
  if (value < min) return `Please enter a number of at least ${min}.`;
  return value > max ? `Please enter a number of at most ${max}.` : undefined;
}

/** The part of a value that a person filled in; undefined when it is empty. */
function filledPart(value: Json): unknown {
  const [part] = Object.entries(value).filter(([name]) => name !== 'type' && name !== 'timezone');
  const content = part?.[1];
  return content === null || content === undefined || (Array.isArray(content) && content.length === 0) ? undefined : content;
}
