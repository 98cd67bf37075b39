/** Constant text with fields beside it. Payloads, tokens and values of secrets are never given to it. */
export interface Log {
  readonly debug: (fields: object, text: string) => void;
  readonly info: (fields: object, text: string) => void;
  /** Something a person may want to look at later; a healthy process writes few. */
  readonly warn: (fields: object, text: string) => void;
  /** Somebody must act; a healthy process writes none. */
  readonly error: (fields: object, text: string) => void;
}
