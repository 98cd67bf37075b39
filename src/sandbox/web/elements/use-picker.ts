import { useCallback, useState, type KeyboardEvent } from 'react';
import type { Choice } from './choice.ts';

export interface PickerState {
  readonly isOpen: boolean;
  readonly query: string;
  /** What fits the query. */
  readonly shown: readonly Choice[];
  /** Which of them Enter takes. */
  readonly active: number;
  readonly open: () => void;
  readonly close: () => void;
  readonly search: (query: string) => void;
  /** Takes a choice, or gives it back where there may be several. */
  readonly pick: (choice: Choice) => void;
  readonly press: (event: KeyboardEvent) => void;
}

interface PickerSource {
  readonly choices: readonly Choice[];
  readonly chosen: readonly Choice[];
  readonly isMultiple: boolean;
  readonly isDisabled: boolean;
  readonly onChoose: (chosen: readonly Choice[]) => void;
  readonly onSearch?: ((query: string) => void) | undefined;
}

/** How a searchable menu opens, searches and moves. */
export function usePicker({ choices, chosen, isMultiple, isDisabled, onChoose, onSearch }: PickerSource): PickerState {
  const [isOpen, setIsOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const shown = onSearch === undefined ? choices.filter((choice) => matches(choice, query)) : choices;

  const close = useCallback(() => {
    setIsOpen(false);
    setQuery('');
  }, []);

  function open(): void {
    if (isOpen || isDisabled) return;
    setIsOpen(true);
    setActive(Math.max(0, isMultiple ? 0 : choices.findIndex(({ value }) => value === chosen[0]?.value)));
    onSearch?.('');
  }

  function search(words: string): void {
    if (isDisabled) return;
    setIsOpen(true);
    setQuery(words);
    setActive(0);
    onSearch?.(words);
  }

  function pick(choice: Choice): void {
    if (!isMultiple) {
      close();
      onChoose([choice]);
      return;
    }
    setQuery('');
    const rest = chosen.filter(({ value }) => value !== choice.value);
    onChoose(rest.length === chosen.length ? [...chosen, choice] : rest);
  }

  function press(event: KeyboardEvent): void {
    const { key } = event;
    if (key === 'Tab') return close();
    if (key === 'Backspace' && query === '' && isMultiple && chosen.length > 0) return onChoose(chosen.slice(0, -1));
    const isEscape = key === 'Escape';
    if (!['ArrowDown', 'ArrowUp', 'Enter'].includes(key) && !(isEscape && isOpen)) return;
    event.preventDefault();
    event.stopPropagation();
    if (isEscape) return close();
    if (!isOpen) return open();
    const choice = shown[active];
    if (key === 'ArrowDown') setActive(Math.min(active + 1, shown.length - 1));
    else if (key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (choice !== undefined) pick(choice);
  }

  return { isOpen, query, shown, active, open, close, search, pick, press };
}

function matches({ label, description }: Choice, query: string): boolean {
  return `${label} ${description ?? ''}`.toLowerCase().includes(query.trim().toLowerCase());
}
