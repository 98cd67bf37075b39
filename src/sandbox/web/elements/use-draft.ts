import { useEffect, useRef, useState } from 'react';
import type { PageEntry } from '../../slack/page/contract.ts';
import { stringIn } from '../json.ts';
import { useHands, useSurface } from '../surface.tsx';
import { useTyping } from './typing.tsx';
import type { ElementProps } from './use-element.ts';

const PAUSE_MS = 250;

export interface Draft {
  readonly text: string;
  readonly isDisabled: boolean;
  readonly failure?: string;
  readonly change: (text: string) => void;
  /** Sends at once what has been typed. */
  readonly send: (pressedEnter?: boolean) => Promise<void>;
}

/**
 * A text that a person types. The field itself is where it lives; the sandbox gets it after a short pause, when the person goes on to
 * something else, and before anything that counts on it.
 *
 * @param known What the sandbox knew when the field appeared.
 * @param entryOf What to send for a text; undefined for one that is no entry yet.
 */
export function useDraft({ blockId, element }: Pick<ElementProps, 'blockId' | 'element'>, known: string, entryOf: (text: string) => PageEntry | undefined): Draft {
  const { place, isBusy } = useSurface();
  const { act } = useHands();
  const typing = useTyping();
  const [text, setText] = useState(known);
  const [failure, setFailure] = useState<string>();
  const current = useRef(known);
  const sent = useRef(known);
  const sending = useRef<Promise<void>>(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  function change(words: string): void {
    setText(words);
    current.current = words;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void send(), PAUSE_MS);
  }

  function send(pressedEnter = false): Promise<void> {
    clearTimeout(timer.current);
    // One after the other: a slow answer must not let an older text win.
    return (sending.current = sending.current.then(() => deliver(pressedEnter)));
  }

  async function deliver(pressedEnter: boolean): Promise<void> {
    const words = current.current;
    const entry = entryOf(words);
    if (place === undefined || entry === undefined || (words === sent.current && !pressedEnter)) return;
    const answer = await act({ do: 'use', place, blockId, actionId: stringIn(element, 'action_id') ?? '', entry, ...(pressedEnter && { pressedEnter }) });
    if (answer.ok) sent.current = words;
    setFailure(answer.ok ? undefined : answer.error);
  }

  const latestSend = useRef(send);
  useEffect(() => {
    latestSend.current = send;
  });
  useEffect(() => {
    const remove = typing.add(() => latestSend.current());
    return () => {
      remove();
      clearTimeout(timer.current);
    };
  }, [typing]);

  return { text, isDisabled: place === undefined || isBusy, ...(failure !== undefined && { failure }), change, send };
}
