import type { CheckSettings } from './settings.ts';

/** How products and teams name the accounts of pipelines. */
const NAME = /^(argocd-|flux-|gitlab-|github-|jenkins|tekton)|-(ci|deployer)$/;
/** Products, as the usual labels name them. */
const PRODUCTS: ReadonlySet<string> = new Set(['argo-cd', 'argocd', 'flux', 'gitlab-runner', 'gha-runner-scale-set-controller', 'jenkins', 'tekton-pipelines']);

/** An account that a pipeline signs in with. */
export interface CiAccount {
  /** Namespaces it deploys to, besides its own; undefined when nobody has said. */
  readonly ownNamespaces: readonly string[] | undefined;
}

/** Whether a ServiceAccount belongs to a pipeline: by configuration, else by its label or name. */
export function ciAccountOf(account: { readonly namespace: string; readonly name: string; readonly product?: string }, settings: CheckSettings): CiAccount | undefined {
  const configured = settings.ciAccounts.find(({ namespace, name }) => namespace === account.namespace && name === account.name);
  if (configured !== undefined) return { ownNamespaces: configured.ownNamespaces };
  return isCiName(account.name) || PRODUCTS.has(account.product ?? '') ? { ownNamespaces: undefined } : undefined;
}

export function isCiName(name: string): boolean {
  return NAME.test(name);
}
