import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode, type RefObject } from 'react';
import { Floating } from './floating.tsx';

export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly description?: string | undefined;
  /** Makes it one of several that exclude each other. */
  readonly isChecked?: boolean;
  readonly onChoose: () => void;
}

interface MenuProps {
  /** Said by screen readers, and the tooltip. */
  readonly label: string;
  readonly className: string;
  readonly align?: 'start' | 'end';
  readonly items: readonly MenuItem[];
  readonly isDisabled?: boolean;
  /** The face of the button. */
  readonly children: ReactNode;
}

/** A button that opens a list of things to do. */
export function Menu({ label, className, align = 'end', items, isDisabled = false, children }: MenuProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setIsOpen(false), []);

  function closeAndReturn(): void {
    close();
    trigger.current?.focus();
  }

  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={label}
        title={label}
        disabled={isDisabled}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || isOpen) return;
          event.preventDefault();
          setIsOpen(true);
        }}
      >
        {children}
      </button>
      {isOpen && <MenuList label={label} align={align} items={items} anchor={trigger} onLeave={close} onClose={closeAndReturn} />}
    </>
  );
}

interface MenuListProps extends Pick<MenuProps, 'label' | 'items'> {
  readonly align: 'start' | 'end';
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onLeave: () => void;
  readonly onClose: () => void;
}

function MenuList({ label, align, items, anchor, onLeave, onClose }: MenuListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const all = itemsIn(list.current);
    (all.find((item) => item.ariaChecked === 'true') ?? all[0])?.focus();
  }, []);

  function move(event: KeyboardEvent): void {
    const all = itemsIn(list.current);
    const at = all.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined && event.key !== 'Escape' && event.key !== 'Tab') return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) onClose();
    else all[to]?.focus();
  }

  return (
    <Floating anchor={anchor} align={align} onLeave={onLeave}>
      <div ref={list} className="menu" role="menu" aria-label={label} onKeyDown={move}>
        {items.map(({ key, label: words, description, isChecked, onChoose }) => (
          <button
            key={key}
            type="button"
            className="menu-item"
            role={isChecked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={isChecked}
            tabIndex={-1}
            onClick={() => {
              onClose();
              onChoose();
            }}
          >
            <span className="menu-label">{words}</span>
            {description !== undefined && <span className="menu-description">{description}</span>}
          </button>
        ))}
      </div>
    </Floating>
  );
}

function itemsIn(list: HTMLElement | null): readonly HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('.menu-item') ?? [])];
}
