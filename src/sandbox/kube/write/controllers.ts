import { objectAt, objectsAt, type RawObject } from '#src/model/raw.ts';
import { RBAC_STORES } from '../access/authorizer.ts';
import { equal, type Draft } from '../json.ts';
import { keyOf, type KubeObject } from '../object.ts';
import type { StoreEvent } from '../store/store.ts';
import { selectorMatches } from '../validate/selectors.ts';
import { byCluster, type Cluster } from './context.ts';
import { serveDefinition, stopServingDefinition } from './custom.ts';
import { deleteObject } from './deleter.ts';
import { createDependents } from './dependents.ts';
import { createObject, updateObject } from './writer.ts';

const AGGREGATOR = 'clusterrole-aggregation-controller';
const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
const CONTROLLER_MANAGER = 'kube-controller-manager';

/** Does at once what a cluster's controllers do in the background: fill aggregated roles, empty namespaces, collect garbage. */
export interface Controllers {
  /** Works off what happened since the last call. */
  readonly settle: () => void;
  readonly stop: () => void;
}

interface Happened {
  readonly event: StoreEvent;
  readonly store: string;
}

export function createControllers(cluster: Cluster, rootCertificate: string): Controllers {
  const { store, catalog } = cluster;
  const queue: Happened[] = [];
  const dependents = createDependents(cluster);
  const stop = store.watch(undefined, (event, where) => void queue.push({ event, store: where }));

  function handle({ event, store: where }: Happened): void {
    const { object, type } = event;
    if (where === RBAC_STORES.clusterRoles) aggregateRoles(cluster);
    if (where === 'namespaces' && type === 'ADDED') furnish(object.metadata.name ?? '', rootCertificate, cluster);
    if (where === 'namespaces' && type === 'MODIFIED' && object.metadata.deletionTimestamp !== undefined) empty(object, cluster);
    if (where === DEFINITIONS && type === 'DELETED') stopServingDefinition(object, cluster);
    else if (where === DEFINITIONS) serveDefinition(object, cluster);
    const resource = catalog.ofStore(where);
    if (resource === undefined) return;
    if (type === 'DELETED') dependents.collect(object);
    else dependents.release(object, resource);
    const { namespace } = object.metadata;
    const home = type === 'DELETED' && namespace !== undefined ? store.get('namespaces', namespace) : undefined;
    if (home?.metadata.deletionTimestamp !== undefined) empty(home, cluster);
  }

  return {
    settle() {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) handle(next);
    },
    stop,
  };
}

/** Each role with an `aggregationRule` gets the rules of every role it selects, in the order of their names. */
function aggregateRoles(cluster: Cluster): void {
  const { store } = cluster;
  const roles = store.list(RBAC_STORES.clusterRoles);
  for (const role of roles) {
    const selectors = objectsAt(role, 'aggregationRule', 'clusterRoleSelectors').map(([, selector]) => selector);
    if (selectors.length === 0) continue;
    const rules: RawObject[] = [];
    for (const other of roles.filter((candidate) => candidate !== role && selectors.some((selector) => selectorMatches(selector, candidate.metadata.labels ?? {})))) {
      for (const [, rule] of objectsAt(other, 'rules')) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
    }
    const current = objectsAt(role, 'rules').map(([, rule]) => rule);
    if (equal(current, rules)) continue;
    const resource = cluster.catalog.find('rbac.authorization.k8s.io', 'v1', 'clusterroles');
    if (resource === undefined) return;
    const target = { resource, namespace: '', name: role.metadata.name ?? '', subresource: '' };
    updateObject(target, (live) => ({ object: { ...(live ?? role), rules } }), cluster, byCluster(AGGREGATOR));
  }
}

/** Every namespace has a default account and the certificate that pods check the API server with. */
function furnish(namespace: string, rootCertificate: string, cluster: Cluster): void {
  const make = (kind: string, plural: string, name: string, content: Draft): void => {
    const resource = cluster.catalog.find('', 'v1', plural);
    if (resource === undefined || cluster.store.get(plural, keyOf(namespace, name)) !== undefined) return;
    const object = { apiVersion: 'v1', kind, metadata: { name, ...(objectAt(content, 'metadata') ?? {}) }, ...(content.data !== undefined && { data: content.data }) };
    createObject({ resource, namespace, name, subresource: '' }, { object: object }, cluster, byCluster(CONTROLLER_MANAGER));
  };
  make('ServiceAccount', 'serviceaccounts', 'default', {});
  make('ConfigMap', 'configmaps', 'kube-root-ca.crt', {
    metadata: { annotations: { 'kubernetes.io/description': 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.' } },
    data: { 'ca.crt': rootCertificate },
  });
}

/** Deletes what is in a namespace that is going, and the namespace itself once nothing holds it. */
function empty(namespace: KubeObject, cluster: Cluster): void {
  const { store, catalog } = cluster;
  const name = namespace.metadata.name ?? '';
  const current = store.get('namespaces', name);
  if (current === undefined) return;
  const wishes = { propagation: 'Background', uid: undefined, resourceVersion: undefined, graceSeconds: 0 } as const;
  let isEmpty = true;
  for (const resource of catalog.stored().filter((candidate) => candidate.namespaced)) {
    for (const object of store.list(resource.store).filter((candidate) => candidate.metadata.namespace === name)) {
      if (object.metadata.deletionTimestamp === undefined) deleteObject(object, resource, wishes, cluster, byCluster(CONTROLLER_MANAGER));
      if (store.get(resource.store, keyOf(name, object.metadata.name ?? '')) !== undefined) isEmpty = false;
    }
  }
  if (!isEmpty || (current.metadata.finalizers ?? []).length > 0) return;
  const { spec, ...rest } = current;
  store.remove('namespaces', { ...rest, spec: {} });
}
