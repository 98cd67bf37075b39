import { useEffect, useLayoutEffect, useRef, type ReactElement, type ReactNode, type RefObject } from 'react';

interface FloatingProps {
  /** Beside what it stands. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly align?: 'start' | 'end';
  /** The anchor keeps the keyboard, whatever is pressed in here. */
  readonly keepsFocus?: boolean;
  /** A press elsewhere. */
  readonly onLeave: () => void;
  readonly children: ReactNode;
}

const GAP_PX = 4;
const EDGE_PX = 8;
const ROOM_PX = 420;

/** A layer above everything, dialogs included, below its anchor or above it where there is more room. */
export function Floating({ anchor, align = 'start', keepsFocus = false, onLeave, children }: FloatingProps): ReactElement {
  const layer = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = layer.current;
    if (element === null) return undefined;
    const follow = (): void => {
      if (anchor.current !== null) place(element, anchor.current.getBoundingClientRect(), align);
    };
    element.showPopover();
    follow();
    const sizes = new ResizeObserver(follow);
    sizes.observe(element);
    window.addEventListener('resize', follow);
    window.addEventListener('scroll', follow, true);
    return () => {
      sizes.disconnect();
      window.removeEventListener('resize', follow);
      window.removeEventListener('scroll', follow, true);
    };
  }, [anchor, align]);

  useEffect(() => {
    const leave = ({ target }: PointerEvent): void => {
      const isInside = target instanceof Node && [layer.current, anchor.current].some((element) => element?.contains(target));
      if (!isInside) onLeave();
    };
    document.addEventListener('pointerdown', leave);
    return () => document.removeEventListener('pointerdown', leave);
  }, [anchor, onLeave]);

  return (
    <div ref={layer} className="floating" popover="manual" onMouseDown={(event) => keepsFocus && event.preventDefault()}>
      {children}
    </div>
  );
}

function place(element: HTMLElement, beside: DOMRect, align: 'start' | 'end'): void {
  const below = window.innerHeight - beside.bottom - GAP_PX - EDGE_PX;
  const above = beside.top - GAP_PX - EDGE_PX;
  const goesUp = below < Math.min(ROOM_PX, element.scrollHeight) && above > below;
  element.style.minWidth = `${beside.width}px`;
  element.style.maxHeight = `${Math.min(ROOM_PX, goesUp ? above : below)}px`;
  const left = align === 'start' ? beside.left : beside.right - element.offsetWidth;
  element.style.left = `${Math.max(EDGE_PX, Math.min(left, window.innerWidth - element.offsetWidth - EDGE_PX))}px`;
  element.style.top = goesUp ? 'auto' : `${beside.bottom + GAP_PX}px`;
  element.style.bottom = goesUp ? `${window.innerHeight - beside.top + GAP_PX}px` : 'auto';
}
