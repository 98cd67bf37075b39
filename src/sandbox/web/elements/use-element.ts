import { useState } from 'react';
import type { BlockJson, PageEntry } from '../../slack/page/contract.ts';
import { jsonIn, stringIn, typeOf } from '../json.ts';
import { useHands, useSurface } from '../surface.tsx';
import { useTyping } from './typing.tsx';

export interface ElementProps {
  readonly blockId: string;
  readonly element: BlockJson;
  /** Of the label that names the element; elements without one name themselves. */
  readonly labelId?: string;
  /** Of the hint or error below it. */
  readonly hintId?: string;
  readonly isInvalid?: boolean;
  /** Can be emptied again. */
  readonly isOptional?: boolean;
  /** The app hears of a text when the person presses Enter in it. */
  readonly dispatches?: boolean;
}

export interface UsedElement {
  /** What it holds, the last choice included while it is on its way. */
  readonly value: BlockJson;
  readonly isBusy: boolean;
  readonly isDisabled: boolean;
  /** Why the last use failed. */
  readonly failure?: string;
  /**
   * Gives an entry to the element after asking back where the app wants it. `shown` is what the element holds meanwhile.
   * Answers whether it went well.
   */
  readonly use: (entry?: PageEntry, shown?: BlockJson) => Promise<boolean>;
}

interface Pending {
  readonly shown: BlockJson;
  /** The value that the sandbox knew when this one was entered. */
  readonly before: string;
}

/** What every interactive element needs, whatever it looks like. */
export function useElement({ blockId, element }: Pick<ElementProps, 'blockId' | 'element'>): UsedElement {
  const { place, values, isBusy: surfaceIsBusy } = useSurface();
  const { act, confirm } = useHands();
  const typing = useTyping();
  const [pending, setPending] = useState<Pending>();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const actionId = stringIn(element, 'action_id') ?? '';
  const known = values[blockId]?.[actionId] ?? { type: typeOf(element) };
  const before = JSON.stringify(known);

  async function use(entry?: PageEntry, shown?: BlockJson): Promise<boolean> {
    if (place === undefined) return false;
    const dialog = jsonIn(element, 'confirm');
    if (dialog !== undefined && !(await confirm(dialog))) return false;
    setIsBusy(true);
    setFailure(undefined);
    if (shown !== undefined) setPending({ shown: { type: typeOf(element), ...shown }, before });
    await typing.flush();
    const answer = await act({ do: 'use', place, blockId, actionId, ...(entry !== undefined && { entry }) });
    setIsBusy(false);
    if (answer.ok) return true;
    setPending(undefined);
    setFailure(answer.error);
    return false;
  }

  return {
    value: pending?.before === before ? pending.shown : known,
    isBusy,
    isDisabled: place === undefined || surfaceIsBusy,
    ...(failure !== undefined && { failure }),
    use,
  };
}
