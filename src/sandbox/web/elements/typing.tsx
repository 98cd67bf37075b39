import { createContext, use, useMemo, type ReactElement, type ReactNode } from 'react';

/** Texts that have been typed on this surface and not been sent yet. */
export interface Typing {
  /** Registers how to send what a field holds; called again and again by the field. Returns how to take it away. */
  readonly add: (flush: () => Promise<void>) => () => void;
  /** Sends all of it, before something that counts on it. */
  readonly flush: () => Promise<void>;
}

const TypingContext = createContext<Typing>({ add: () => () => undefined, flush: async () => undefined });

export function TypingProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const typing = useMemo(createTyping, []);
  return <TypingContext value={typing}>{children}</TypingContext>;
}

export function useTyping(): Typing {
  return use(TypingContext);
}

function createTyping(): Typing {
  const fields = new Set<() => Promise<void>>();
  return {
    add: (flush) => {
      fields.add(flush);
      return () => fields.delete(flush);
    },
    flush: async () => {
      await Promise.all([...fields].map((flush) => flush()));
    },
  };
}
