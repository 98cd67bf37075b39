import { useEffect, useRef, useState } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { numberIn, stringIn } from '../json.ts';
import { useHands, useSurface } from '../surface.tsx';
import { optionChoices } from './choices.ts';
import type { Choice } from './choice.ts';

/** Slack's default for menus that do not say from how many characters on they want to be asked. */
const MIN_QUERY = 3;
const PAUSE_MS = 150;

export interface Suggestions {
  readonly choices: readonly Choice[];
  /** What the list says when there are none. */
  readonly text: string;
  readonly search: (query: string) => void;
}

/** Options that the app offers for what has been typed in an external select. */
export function useSuggestions(blockId: string, element: BlockJson): Suggestions {
  const { place } = useSurface();
  const { act } = useHands();
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [text, setText] = useState('');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Counts questions, so that a late answer does not replace a newer one. */
  const asked = useRef(0);
  const min = numberIn(element, 'min_query_length') ?? MIN_QUERY;

  useEffect(() => () => clearTimeout(timer.current), []);

  async function ask(query: string): Promise<void> {
    if (place === undefined) return;
    const question = (asked.current += 1);
    const answer = await act({ do: 'suggest', place, blockId, actionId: stringIn(element, 'action_id') ?? '', query });
    if (question !== asked.current) return;
    setChoices(answer.ok ? optionChoices({ options: answer.options, option_groups: answer.optionGroups }) : []);
    setText(answer.ok ? 'Nothing fits.' : answer.error);
  }

  function search(query: string): void {
    clearTimeout(timer.current);
    asked.current += 1;
    if (query.length < min) {
      setChoices([]);
      setText(`Type at least ${min} ${min === 1 ? 'character' : 'characters'} to search.`);
      return;
    }
    setText('Searching…');
    timer.current = setTimeout(() => void ask(query), PAUSE_MS);
  }

  return { choices, text, search };
}
