import { useEffect, useId, useRef, useState, type ReactElement, type RefObject, type SyntheticEvent } from 'react';
import type { PageView } from '../../slack/page/contract.ts';
import { Blocks } from '../blocks/block.tsx';
import { TypingProvider, useTyping } from '../elements/typing.tsx';
import { Icon } from '../icon.tsx';
import { jsonsIn, wordsIn } from '../json.ts';
import { SurfaceProvider, useHands } from '../surface.tsx';
import { Dialog } from './dialog.tsx';

interface ModalProps {
  /** The one on top. */
  readonly view: PageView;
  /** How many modals lie below it. */
  readonly below: number;
  readonly appName: string;
  /** Resolves when the page knows what became of an action. */
  readonly reread: () => Promise<void>;
}

export function Modal(props: ModalProps): ReactElement {
  const { view } = props;
  return (
    <SurfaceProvider surface={{ place: { in: 'view', viewId: view.id }, values: view.values, errors: view.errors, pictures: view.pictures, isBusy: view.isBusy }}>
      <TypingProvider>
        <ModalDialog {...props} />
      </TypingProvider>
    </SurfaceProvider>
  );
}

function ModalDialog({ view, below, appName, reread }: ModalProps): ReactElement {
  const id = useId();
  const { act } = useHands();
  const typing = useTyping();
  const [isSubmitting, setIsSubmitting] = useState(false);
  const [failure, setFailure] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const isBusy = isSubmitting || view.isBusy;
  const submitText = wordsIn(view.content, 'submit');
  const hasErrors = Object.keys(view.errors).length > 0;

  useFocusOnErrors(form, view.errors);

  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault();
    if (isBusy || submitText === '') return;
    setIsSubmitting(true);
    setFailure(undefined);
    await typing.flush();
    const answer = await act({ do: 'submit', viewId: view.id });
    await reread();
    setIsSubmitting(false);
    if (!answer.ok) setFailure(answer.error);
  }

  async function close(all: boolean): Promise<void> {
    const answer = await act({ do: 'close', viewId: view.id, ...(all && { all }) });
    await reread();
    if (!answer.ok) setFailure(answer.error);
  }

  return (
    <Dialog className="dialog-modal" labelledBy={`${id}-title`} onLeave={() => void close(false)}>
      <form ref={form} className="modal" noValidate aria-busy={isBusy} onSubmit={(event) => void submit(event)}>
        <header className="modal-head">
          {below > 0 && (
            <button type="button" className="button-bare" aria-label="Back" onClick={() => void close(false)}>
              <Icon name="back" />
            </button>
          )}
          <h2 id={`${id}-title`}>
            {wordsIn(view.content, 'title')}
            <span className="modal-app">{appName}</span>
          </h2>
          <button type="button" className="button-bare" aria-label="Close" onClick={() => void close(true)}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body modal-body">
          {failure !== undefined && !hasErrors && (
            <div className="modal-failure" role="alert">
              <Icon name="warning" /> {failure}
            </div>
          )}
          <Blocks blocks={jsonsIn(view.content.blocks)} />
        </div>
        <footer className="dialog-buttons">
          <button type="button" className="button" onClick={() => void close(false)}>
            {wordsIn(view.content, 'close') || (submitText === '' ? 'Close' : 'Cancel')}
          </button>
          {submitText !== '' && (
            <button type="submit" className="button button-primary" aria-disabled={isBusy}>
              {submitText}
              {isBusy && <span className="spinner" role="status" aria-label="Working" />}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** Takes the person to the first input that is wrong. */
function useFocusOnErrors(form: RefObject<HTMLFormElement | null>, errors: PageView['errors']): void {
  const said = JSON.stringify(errors);
  useEffect(() => {
    if (said !== '{}') form.current?.querySelector<HTMLElement>('[aria-invalid="true"], .input[data-invalid] input')?.focus();
  }, [form, said]);
}
