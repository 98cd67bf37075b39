import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactElement } from 'react';
import { Icon } from '../icon.tsx';

interface Toast {
  readonly key: number;
  readonly text: string;
}

const SHOWN_MS = 8000;
const SHOWN_AT_ONCE = 3;

export interface Toaster {
  readonly toasts: readonly Toast[];
  readonly tell: (text: string) => void;
  readonly remove: (key: number) => void;
}

/** Sentences that a person should notice, each for some seconds. */
export function useToaster(): Toaster {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const count = useRef(0);
  const remove = useCallback((key: number) => setToasts((all) => all.filter((toast) => toast.key !== key)), []);
  const tell = useCallback((text: string) => {
    const key = (count.current += 1);
    setToasts((all) => [...all.filter((toast) => toast.text !== text), { key, text }].slice(-SHOWN_AT_ONCE));
  }, []);
  return { toasts, tell, remove };
}

export function Toasts({ toasts, remove }: Pick<Toaster, 'toasts' | 'remove'>): ReactElement {
  const layer = useRef<HTMLDivElement>(null);
  const last = toasts.at(-1)?.key;

  useLayoutEffect(() => {
    // Shown anew, so that it lies above a dialog that was opened since.
    if (layer.current?.matches(':popover-open') === true) layer.current.hidePopover();
    if (last !== undefined) layer.current?.showPopover();
  }, [last]);

  return (
    <div ref={layer} className="toasts" popover="manual" role="status" aria-live="assertive">
      {toasts.map((toast) => (
        <ToastView key={toast.key} toast={toast} remove={remove} />
      ))}
    </div>
  );
}

function ToastView({ toast: { key, text }, remove }: { readonly toast: Toast; readonly remove: (key: number) => void }): ReactElement {
  useEffect(() => {
    const timer = setTimeout(() => remove(key), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [key, remove]);
  return (
    <div className="toast">
      <Icon name="warning" />
      <span>{text}</span>
      <button type="button" className="button-bare" aria-label="Close" onClick={() => remove(key)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
