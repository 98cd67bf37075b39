import { useCallback, useState, type ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { Confirm } from '../dialogs/confirm.tsx';

interface Question {
  readonly dialog: BlockJson;
  readonly answer: (isConfirmed: boolean) => void;
}

/** Asks one question at a time. The element has to be put somewhere on the page. */
export function useConfirming(): readonly [confirm: (dialog: BlockJson) => Promise<boolean>, element: ReactElement | null] {
  const [question, setQuestion] = useState<Question>();
  const confirm = useCallback((dialog: BlockJson) => new Promise<boolean>((answer) => setQuestion({ dialog, answer })), []);
  if (question === undefined) return [confirm, null];
  const answer = (isConfirmed: boolean): void => {
    setQuestion(undefined);
    question.answer(isConfirmed);
  };
  return [confirm, <Confirm dialog={question.dialog} onAnswer={answer} />];
}
