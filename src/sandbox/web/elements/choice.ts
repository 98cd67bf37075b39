/** One thing that can be picked in a menu. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly description?: string | undefined;
  /** Heading that it stands below. */
  readonly group?: string | undefined;
}
