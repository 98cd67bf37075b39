import type { ButtonAction } from '#src/blocks/build.ts';

/** Tells the first delivery of something from its repeats, over all replicas and restarts. */
export interface Once {
  readonly isFirst: (id: string) => Promise<boolean>;
}

/** What is behind a button. */
export interface StoredButton {
  readonly action: ButtonAction;
  /** The message it stands on; absent on answers that are not kept. */
  readonly message?: string;
}

/** Buttons carry a token that says nothing and cannot be guessed. */
export interface Buttons {
  /** 160 bits; the same for the same button of the same message, so that rendering again changes nothing. */
  readonly issue: (button: StoredButton) => Promise<string>;
  readonly resolve: (token: string) => Promise<StoredButton | undefined>;
}
