import { useState, type KeyboardEvent } from 'react';
import type { PageCommand } from '../../slack/page/contract.ts';
import { suggestedCommands, usedCommand } from './commands.ts';
import type { LineHistory } from './line-history.ts';

export interface Composing {
  readonly text: string;
  /** Commands to choose from; empty when the list is closed. */
  readonly suggested: readonly PageCommand[];
  /** Which of them the next key takes. */
  readonly active: number;
  readonly write: (text: string) => void;
  readonly choose: (command: PageCommand) => void;
  readonly send: () => Promise<void>;
  readonly press: (event: KeyboardEvent) => void;
}

/**
 * What a line of writing does with the keyboard.
 *
 * @param deliver Answers whether the line arrived.
 */
export function useComposer(commands: readonly PageCommand[], history: LineHistory, deliver: (line: string) => Promise<boolean>): Composing {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const [isListClosed, setIsListClosed] = useState(false);
  const [recalled, setRecalled] = useState(0);
  const suggested = isListClosed ? [] : suggestedCommands(text, commands);

  function write(words: string): void {
    setText(words);
    setActive(0);
    setIsListClosed(false);
    setRecalled(0);
  }

  function choose({ command }: PageCommand): void {
    write(`${command} `);
  }

  async function send(): Promise<void> {
    const line = text.trim();
    if (line === '') return;
    write('');
    history.add(line);
    // A refused line is given back, unless the person has gone on writing. For a command that failed Slackbot answers.
    if (!(await deliver(line)) && usedCommand(line, commands) === undefined) setText((now) => (now === '' ? line : now));
  }

  function recall(steps: number): void {
    const line = steps === 0 ? '' : history.back(steps);
    if (line === undefined) return;
    setText(line);
    setRecalled(steps);
    setIsListClosed(true);
  }

  /** Whether the key was for the list. */
  function pressInList(key: string): boolean {
    const choice = suggested[active];
    if (choice === undefined) return false;
    if (key === 'ArrowDown' || key === 'ArrowUp') setActive((active + (key === 'ArrowDown' ? 1 : -1) + suggested.length) % suggested.length);
    else if (key === 'Tab' || (key === 'Enter' && choice.command !== text)) choose(choice);
    else if (key === 'Escape') setIsListClosed(true);
    else return false;
    return true;
  }

  function press(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    if (event.nativeEvent.isComposing || shiftKey) return;
    const isRecalling = text === '' || recalled > 0;
    if (!pressInList(key)) {
      if (key === 'Enter') void send();
      else if (key === 'ArrowUp' && isRecalling) recall(recalled + 1);
      else if (key === 'ArrowDown' && recalled > 0) recall(recalled - 1);
      else return;
    }
    event.preventDefault();
  }

  return { text, suggested, active, write, choose, send, press };
}
