import { useId, type ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { jsonIn, stringIn, wordsIn } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import { Dialog } from './dialog.tsx';

interface ConfirmProps {
  /** Slack's confirm object. */
  readonly dialog: BlockJson;
  readonly onAnswer: (isConfirmed: boolean) => void;
}

export function Confirm({ dialog, onAnswer }: ConfirmProps): ReactElement {
  const id = useId();
  const isDanger = stringIn(dialog, 'style') === 'danger';
  return (
    <Dialog role="alertdialog" isLight className="dialog-confirm" labelledBy={`${id}-title`} describedBy={`${id}-text`} onLeave={() => onAnswer(false)}>
      <h2 id={`${id}-title`}>{wordsIn(dialog, 'title') || 'Are you sure?'}</h2>
      <div id={`${id}-text`}>
        <TextObject text={jsonIn(dialog, 'text') ?? {}} />
      </div>
      <div className="dialog-buttons">
        <button type="button" className="button" data-focus onClick={() => onAnswer(false)}>
          {wordsIn(dialog, 'deny') || 'Cancel'}
        </button>
        <button type="button" className={isDanger ? 'button button-danger' : 'button button-primary'} onClick={() => onAnswer(true)}>
          {wordsIn(dialog, 'confirm') || 'Yes'}
        </button>
      </div>
    </Dialog>
  );
}
