import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';

interface DialogProps {
  /** Id of the element that names it. */
  readonly labelledBy: string;
  readonly describedBy?: string;
  readonly role?: 'dialog' | 'alertdialog';
  readonly className?: string;
  /** A press beside it leaves it as well as Escape: where nothing that was entered can get lost. */
  readonly isLight?: boolean;
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

/** Where a person goes on: what the app or the dialog names, the first thing to fill in, the last button. */
const FIRST_FOCUS = ['[data-focus]', '.dialog-body :is(input, textarea):enabled', '.dialog-buttons button:last-child'];

/** The browser's own modal dialog: it keeps the focus inside, and gives it back. */
export function Dialog({ labelledBy, describedBy, role, className = '', isLight = false, onLeave, children }: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const leave = useRef(onLeave);
  useEffect(() => {
    leave.current = onLeave;
  });

  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>(FIRST_FOCUS.find((selector) => element.querySelector(selector) !== null) ?? 'button')?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  function press(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    // Whether it closes is not for the browser to decide.
    event.preventDefault();
    event.stopPropagation();
    leave.current();
  }

  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      role={role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onKeyDown={press}
      onCancel={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        if (isLight && event.target === dialog.current) leave.current();
      }}
    >
      {/* Presses on the frame itself are presses beside the dialog. */}
      <div className="dialog-frame">{children}</div>
    </dialog>
  );
}
