/** The only way to learn the time; tests move it. */
export interface Clock {
  readonly now: () => Date;
}
