/** A version of Kubernetes 1.x, as far as rules depend on it. */
export interface KubernetesVersion {
  readonly minor: number;
}

/** The newest version whose Pod Security Standards and shipped objects are known here. */
export const NEWEST_KNOWN: KubernetesVersion = { minor: 37 };

/** The oldest version that clusters are read from. Files may be judged by older ones. */
export const OLDEST_SUPPORTED: KubernetesVersion = { minor: 25 };

/** Reads `v1.37`, `1.37.2` and provider forms such as `v1.29.4-eks-ae9a62a`; undefined for anything else. */
export function parseVersion(text: string): KubernetesVersion | undefined {
  const match = /^v?1\.(\d+)(?:$|[.+-])/.exec(text);
  return match ? { minor: Number(match[1]) } : undefined;
}

export function formatVersion(version: KubernetesVersion): string {
  return `v1.${version.minor}`;
}
