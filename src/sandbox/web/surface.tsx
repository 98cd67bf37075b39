import { createContext, use, type ReactElement, type ReactNode } from 'react';
import type { ActionAnswer, ElementPlace, EnteredValues, PageAction, PageFile } from '../slack/page/contract.ts';

/** Where blocks stand: in a message, a modal or the Home tab. */
export interface Surface {
  /** Absent where nothing can be used, as in a preview. */
  readonly place?: ElementPlace;
  readonly values: EnteredValues;
  /** Messages to show below inputs, by block id. */
  readonly errors: Readonly<Record<string, string>>;
  readonly pictures: readonly PageFile[];
  /** Nothing can be used for the moment. */
  readonly isBusy: boolean;
}

const NO_SURFACE: Surface = { values: {}, errors: {}, pictures: [], isBusy: false };

const SurfaceContext = createContext(NO_SURFACE);

interface SurfaceProps {
  readonly surface: Surface;
  readonly children: ReactNode;
}

export function SurfaceProvider({ surface, children }: SurfaceProps): ReactElement {
  return <SurfaceContext value={surface}>{children}</SurfaceContext>;
}

export function useSurface(): Surface {
  return use(SurfaceContext);
}

/** What a person can do beyond looking. */
export interface Hands {
  readonly act: (action: PageAction) => Promise<ActionAnswer>;
  /** Does it, and tells the person when it failed. */
  readonly tryTo: (action: PageAction) => Promise<boolean>;
  /** Asks back with Slack's confirm object. */
  readonly confirm: (dialog: Readonly<Record<string, unknown>>) => Promise<boolean>;
}

const IDLE: Hands = {
  act: async () => ({ ok: false, error: 'Nothing can be done here.' }),
  tryTo: async () => false,
  confirm: async () => false,
};

const HandsContext = createContext(IDLE);

export const HandsProvider = HandsContext;

export function useHands(): Hands {
  return use(HandsContext);
}
