import { parseLabelSelector } from '#src/model/label-selector.ts';
import { booleanAt, listAt, objectAt, objectsAt, textAt, textMapAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { parseCalicoSelector } from './calico-selector.ts';
import { DIRECTIONS } from './policy.ts';
import type { Direction, PodMatcher } from './rules.ts';

/** What a policy of a network plugin closes. Whom it lets through all the same is not read. */
export interface VendorPolicy {
  readonly selects: PodMatcher;
  readonly directions: readonly Direction[];
}

const CILIUM_PREFIX = /^(k8s|any)[:.]/;
const POD_NAMESPACE = 'io.kubernetes.pod.namespace';
const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.';

/** A CiliumNetworkPolicy, or one for the whole cluster when `home` is undefined. It holds one rule or several. */
export function parseCiliumPolicy(object: RawObject, home: string | undefined): readonly VendorPolicy[] {
  const rules = [objectAt(object, 'spec'), ...objectsAt(object, 'specs').map(([, rule]) => rule)];
  return rules.flatMap((rule) => {
    const selector = objectAt(rule, 'endpointSelector');
    return rule === undefined || selector === undefined ? [] : [{ selects: ciliumMatcher(selector, home), directions: ciliumDirections(rule) }];
  });
}

/** A NetworkPolicy of Calico, or a GlobalNetworkPolicy when `home` is undefined. One for some ServiceAccounts only is left out. */
export function parseCalicoPolicy(object: RawObject, home: string | undefined): readonly VendorPolicy[] {
  const pods = parseCalicoSelector(textAt(object, 'spec', 'selector') ?? '');
  const namespaces = parseCalicoSelector(textAt(object, 'spec', 'namespaceSelector') ?? '');
  if (pods === undefined || namespaces === undefined || textAt(object, 'spec', 'serviceAccountSelector')) return [];
  const selects: PodMatcher = (pod, labelsOf) =>
    !pod.hostNetwork && (home === undefined ? namespaces(labelsOf(pod.namespace)) : pod.namespace === home) && pods(new Map([...pod.labels, ['projectcalico.org/namespace', pod.namespace]]));
  return [{ selects, directions: calicoDirections(object) }];
}

function ciliumMatcher(selector: RawObject, home: string | undefined): PodMatcher {
  const chooses = parseLabelSelector({
    matchLabels: Object.fromEntries([...textMapAt(selector, 'matchLabels')].map(([key, value]) => [key.replace(CILIUM_PREFIX, ''), value])),
    matchExpressions: objectsAt(selector, 'matchExpressions').map(([, expression]) => ({ ...expression, key: (textAt(expression, 'key') ?? '').replace(CILIUM_PREFIX, '') })),
  });
  return (pod, labelsOf) => {
    if (pod.hostNetwork || (home !== undefined && pod.namespace !== home)) return false;
    const ofNamespace = [...labelsOf(pod.namespace)].map(([key, value]): [string, string] => [`${NAMESPACE_LABELS}${key}`, value]);
    return chooses(new Map([...pod.labels, [POD_NAMESPACE, pod.namespace], ...ofNamespace]));
  };
}

/** It closes a direction by having a rule for it, unless it says that it does not. */
function ciliumDirections(rule: RawObject): readonly Direction[] {
  return DIRECTIONS.filter(
    (direction) => (listAt(rule, direction).length > 0 || listAt(rule, `${direction}Deny`).length > 0) && booleanAt(rule, 'enableDefaultDeny', direction) !== false,
  );
}

function calicoDirections(object: RawObject): readonly Direction[] {
  const types = textsAt(object, 'spec', 'types').map((type) => type.toLowerCase());
  if (types.length > 0) return DIRECTIONS.filter((direction) => types.includes(direction));
  const written = DIRECTIONS.filter((direction) => listAt(object, 'spec', direction).length > 0);
  return written.length === 0 ? ['ingress'] : written;
}
