/** Users of clusters whom no source of people knows: each is told of once, as long as it has access. */
export interface UnknownUsers {
  /** Those of these that were not told of. */
  readonly fresh: (cluster: string, users: readonly string[]) => Promise<readonly string[]>;
  /** These were told of. When they are all that there are, whoever is not among them is told of again when they come back. */
  readonly told: (cluster: string, users: readonly string[], areAll: boolean) => Promise<void>;
}
