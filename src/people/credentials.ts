import type { OpenCluster } from '#src/model/clusters.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { Change, ObjectAddress } from '#src/model/plan.ts';
import { objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { NotListed } from '#src/model/source.ts';
import { podOf } from '#src/model/workload.ts';
import type { TokenPath } from './access-path.ts';

/** Kubernetes refuses a token that carries it; taking it away makes the token valid again. */
export const INVALID_SINCE = 'kubernetes.io/legacy-token-invalid-since';

export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** What else hangs on a ServiceAccount. */
export interface AccountUses {
  /** Undefined when the account does not exist. */
  readonly object: RawObject | undefined;
  /** Pods that run as it now: `shop/api-7d9f`. */
  readonly pods: readonly string[];
  /** Secrets for registries that its pods pull with. */
  readonly pullSecrets: readonly string[];
  /** What could not be looked at, as sentences. */
  readonly unread: readonly string[];
}

export async function readAccountUses(cluster: OpenCluster, account: Account, signal: AbortSignal): Promise<AccountUses> {
  const unread: string[] = [];
  const objects = async (kind: Kind, matches: (object: RawObject) => boolean): Promise<readonly RawObject[]> => {
    const found: RawObject[] = [];
    try {
      for await (const page of cluster.list(kind, signal)) found.push(...page.map(({ object }) => object).filter((object) => textAt(object, 'metadata', 'namespace') === account.namespace && matches(object)));
    } catch (error) {
      if (!(error instanceof NotListed)) throw error;
      unread.push(`Could not look for what uses ${account.namespace}/${account.name}: ${error.message}.`);
    }
    return found;
  };
  const [object] = await objects('ServiceAccount', (one) => textAt(one, 'metadata', 'name') === account.name);
  const pods = await objects('Pod', (one) => podOf(one)?.serviceAccountName === account.name);
  return {
    object,
    pods: pods.map((pod) => `${account.namespace}/${textAt(pod, 'metadata', 'name') ?? ''}`),
    pullSecrets: objectsAt(object, 'imagePullSecrets').flatMap(([, secret]) => textAt(secret, 'name') ?? []),
    unread,
  };
}

/** Refuses the token of a Secret from now on, or deletes the Secret. @throws {ChangeFailed} when it cannot be looked at. */
export async function tokenChange(cluster: OpenCluster, name: string, path: TokenPath, how: 'freeze' | 'kill', day: string, signal: AbortSignal): Promise<Change | undefined> {
  const address: ObjectAddress = { cluster: name, apiVersion: 'v1', kind: 'Secret', resource: 'secrets', namespace: path.namespace, name: path.secret };
  const before = await cluster.get(address, signal);
  if (before === undefined) return undefined;
  if (how === 'kill') return { type: 'delete', address, text: `${path.text}, deleted`, before, irreversible: 'nobody but its holders knows the token, so it cannot be made again' };
  const previous = textMapAt(before, 'metadata', 'labels').get(INVALID_SINCE);
  return { type: 'set-text', address, text: `${path.text}, refused from now on`, path: ['metadata', 'labels', INVALID_SINCE], previous, value: day, before };
}

/** A new account of the same name: tokens that were made for the old one, also those of running pods, end. */
export function recreation(cluster: string, account: Account, object: RawObject): readonly Change[] {
  const address: ObjectAddress = { cluster, apiVersion: 'v1', kind: 'ServiceAccount', resource: 'serviceaccounts', ...account };
  const why = 'tokens of the old account stay invalid';
  const named = (field: 'labels' | 'annotations') => {
    const texts = textMapAt(object, 'metadata', field);
    return texts.size === 0 ? {} : { [field]: Object.fromEntries(texts) };
  };
  const kept = Object.fromEntries(['automountServiceAccountToken', 'imagePullSecrets'].flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]]])));
  const body: RawObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...account, ...named('labels'), ...named('annotations') }, ...kept };
  return [
    { type: 'delete', address, text: `ServiceAccount ${account.namespace}/${account.name}, deleted`, before: object, irreversible: why },
    { type: 'create', address, text: `ServiceAccount ${account.namespace}/${account.name}, made anew`, body, irreversible: why },
  ];
}
