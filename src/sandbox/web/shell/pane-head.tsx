import type { ReactElement, ReactNode } from 'react';
import { Icon } from '../icon.tsx';

interface PaneHeadProps {
  readonly title: ReactNode;
  readonly note?: ReactNode;
  /** Opens the list of channels where the window is too narrow for it. */
  readonly onOpenSidebar: () => void;
  readonly children?: ReactNode;
}

/** The line above what is looked at. */
export function PaneHead({ title, note, onOpenSidebar, children }: PaneHeadProps): ReactElement {
  return (
    <header className="pane-head">
      <button type="button" className="button-bare pane-menu" aria-label="Channels" onClick={onOpenSidebar}>
        <Icon name="menu" />
      </button>
      <div className="pane-title">
        <h1>{title}</h1>
        {note !== undefined && <span className="pane-note">{note}</span>}
      </div>
      {children}
    </header>
  );
}
