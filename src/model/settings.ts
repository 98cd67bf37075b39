/** An account of a pipeline, treated as an outsider with keys that are easy to revoke. */
export interface CiAccount {
  readonly namespace: string;
  /** Name of the ServiceAccount. */
  readonly name: string;
  /** Namespaces it deploys to; nothing else is its own. */
  readonly ownNamespaces: readonly string[];
}

/** What a site tells the checks about itself. */
export interface CheckSettings {
  /** Registries, or repositories below them, that images may come from. Undefined when the site has named none. */
  readonly allowedRegistries?: readonly string[];
  readonly ciAccounts: readonly CiAccount[];
}

export const NO_SETTINGS: CheckSettings = { ciAccounts: [] };
