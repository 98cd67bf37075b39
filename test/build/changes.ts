import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { configFor } from '#src/kube/contexts.ts';
import { askAs } from '#src/kube/permissions.ts';
import { createApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { objectAccess } from '#src/kube/write.ts';
import { withParts, type Composition, type NewPart } from '#src/actions/composition.ts';
import { compositionOf } from '#src/actions/own-objects.ts';
import { changeTo } from '#src/enforcement/own-policy.ts';
import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import type { ChangeResult, CreateObject, DeleteObject, ObjectAddress, RemoveItem, ReplaceObject, SetText, SetTexts } from '#src/model/plan.ts';
import { objectAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { INSTALLATION } from './installation.ts';
import { send, targetOf } from '#test/unit/src/sandbox/kube/conformance/run.ts';

export const REQUEST = 'r7k2m9';
export const RBAC = 'rbac.authorization.k8s.io';
const CLUSTER = 'prod';
const RESOURCES = {
  RoleBinding: { apiVersion: `${RBAC}/v1`, resource: 'rolebindings' },
  ClusterRoleBinding: { apiVersion: `${RBAC}/v1`, resource: 'clusterrolebindings' },
  ConfigMap: { apiVersion: 'v1', resource: 'configmaps' },
  Secret: { apiVersion: 'v1', resource: 'secrets' },
  ServiceAccount: { apiVersion: 'v1', resource: 'serviceaccounts' },
  Service: { apiVersion: 'v1', resource: 'services' },
  Namespace: { apiVersion: 'v1', resource: 'namespaces' },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', resource: 'networkpolicies' },
  CiliumNetworkPolicy: { apiVersion: 'cilium.io/v2', resource: 'ciliumnetworkpolicies' },
  CalicoNetworkPolicy: { apiVersion: 'projectcalico.org/v3', kind: 'NetworkPolicy', resource: 'networkpolicies' },
} as const;
type KindHere = keyof typeof RESOURCES;

/** A namespace of an API server, with the administrator's hands beside the bot's. */
export interface ChangeScene {
  readonly namespace: string;
  readonly cluster: OpenCluster;
  readonly at: (kind: KindHere, name: string) => ObjectAddress;
  /** Makes an object as an administrator, and gives it as the server has it. */
  readonly put: (kind: KindHere, name: string, content: object, metadata?: object) => Promise<RawObject>;
  /** As an administrator; undefined when there is none. */
  readonly see: (address: ObjectAddress) => Promise<RawObject | undefined>;
  readonly merge: (address: ObjectAddress, patch: object) => Promise<RawObject>;
  readonly remove: (address: ObjectAddress) => Promise<void>;
  /** Has the server serve the kind with any content, as a network plugin would with its own schema. */
  readonly serve: (kind: 'CiliumNetworkPolicy' | 'CalicoNetworkPolicy') => Promise<void>;
  /** Makes a ClusterRole with these rules, and gives its name. */
  readonly role: (rules: readonly object[]) => Promise<string>;
  /** The cluster as a new ServiceAccount sees it, which has the rights of these rules in the namespace. */
  readonly as: (name: string, rules: readonly object[]) => Promise<OpenCluster>;
  readonly close: () => Promise<void>;
}

/** `bot` is the kubeconfig that changes are made with. */
export async function changeScene(admin: string, bot = admin): Promise<ChangeScene> {
  const target = targetOf(admin);
  const namespace = `changes-${randomBytes(4).toString('hex')}`;
  const cluster = await opened(bot);
  const endings: (() => Promise<unknown>)[] = [];
  const limitedOnes: OpenCluster[] = [];
  const call = async (method: string, path: string, body?: object, type?: string): Promise<RawObject | undefined> => {
    const { code, text } = await send(target, { name: path, method, path, ...(body && { body }), ...(type !== undefined && { type }) });
    if (code === 404 && method === 'GET') return undefined;
    if (code >= 300) throw new Error(`${method} ${path}: ${code} ${text}`);
    return JSON.parse(text) as RawObject;
  };
  const made = async (method: string, path: string, body: object, type?: string): Promise<RawObject> => (await call(method, path, body, type)) ?? {};
  const at = (kind: KindHere, name: string): ObjectAddress => {
    const isNamespaced = kind !== 'ClusterRoleBinding' && kind !== 'Namespace';
    return { cluster: CLUSTER, kind, ...RESOURCES[kind], ...(isNamespaced && { namespace }), name };
  };
  const role = async (rules: readonly object[], suffix = ''): Promise<string> => {
    const name = `${namespace}${suffix}`;
    await made('POST', `/apis/${RBAC}/v1/clusterroles`, { metadata: { name }, rules });
    endings.push(() => call('DELETE', `/apis/${RBAC}/v1/clusterroles/${name}`));
    return name;
  };
  await made('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  return {
    namespace,
    cluster,
    at,
    async put(kind, name, content, metadata = {}) {
      const address = at(kind, name);
      return { ...(await made('POST', collectionOf(address), { ...content, metadata: { name, ...metadata } })), apiVersion: address.apiVersion, kind };
    },
    see: (address) => call('GET', pathOf(address)),
    merge: (address, patch) => made('PATCH', pathOf(address), patch, 'application/merge-patch+json'),
    async remove(address) {
      await call('DELETE', pathOf(address));
    },
    async serve(kind) {
      const address = at(kind, 'any');
      if ((await call('GET', collectionOf(address))) !== undefined) return;
      await made('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definitionOf(address));
      await until(async () => (await call('GET', collectionOf(address))) !== undefined);
    },
    role: (rules) => role(rules),
    async as(name, rules) {
      const given = await role(rules, `-${name}`);
      const account = { kind: 'ServiceAccount', name, namespace };
      await made('POST', collectionOf(at('ServiceAccount', name)), { metadata: { name } });
      await made('POST', `/apis/${RBAC}/v1/clusterrolebindings`, { metadata: { name: given }, ...bindingTo(given), subjects: [account] });
      endings.push(() => call('DELETE', `/apis/${RBAC}/v1/clusterrolebindings/${given}`));
      const token = textAt(await made('POST', `${pathOf(at('ServiceAccount', name))}/token`, { spec: {} }), 'status', 'token') ?? '';
      const limited = await opened(withToken(admin, token));
      limitedOnes.push(limited);
      await until(() => mayGet(limited, at('RoleBinding', 'any')));
      return limited;
    },
    async close() {
      for (const one of [cluster, ...limitedOnes]) one.close();
      for (const end of endings.toReversed()) await end();
      await call('DELETE', `/api/v1/namespaces/${namespace}`);
    },
  };
}

function definitionOf({ apiVersion, kind, resource }: ObjectAddress): object {
  const [group = '', name = ''] = apiVersion.split('/');
  const spec = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const version = { name, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } };
  return { metadata: { name: `${resource}.${group}` }, spec: { group, scope: 'Namespaced', names: { kind, plural: resource, singular: kind.toLowerCase(), listKind: `${kind}List` }, versions: [version] } };
}

async function opened(kubeconfig: string): Promise<OpenCluster> {
  const client = createApiClient(configFor({ text: kubeconfig }));
  return { ...(await openCluster(client, new AbortController().signal)), ...objectAccess(client), leaveMark: (mark, signal) => askAs(mark, client, signal), close: client.close };
}

function withToken(kubeconfig: string, token: string): string {
  const config = parse(kubeconfig) as { users: { user: object }[] };
  for (const entry of config.users) entry.user = { token };
  return stringify(config);
}

/** An API server hears of new rights a little later. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = 100; left > 0; left -= 1) {
    if (await holds()) return;
    await wait(50);
  }
  throw new Error('the API server did not take the rights over');
}

async function mayGet(cluster: OpenCluster, address: ObjectAddress): Promise<boolean> {
  try {
    await cluster.get(address, new AbortController().signal);
    return true;
  } catch (error) {
    if (error instanceof ChangeFailed && error.fault === 'forbidden') return false;
    throw error;
  }
}

function collectionOf({ apiVersion, namespace, resource }: ObjectAddress): string {
  return `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${resource}`;
}

export function pathOf(address: ObjectAddress): string {
  return `${collectionOf(address)}/${address.name}`;
}

export function user(name: string): RawObject {
  return { kind: 'User', apiGroup: RBAC, name };
}

export function bindingTo(role: string, ...people: readonly string[]): { readonly roleRef: object; readonly subjects: readonly RawObject[] } {
  return { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role }, subjects: people.map(user) };
}

export function creating(address: ObjectAddress, content: object, metadata: object = {}): CreateObject {
  const { apiVersion, kind, namespace, name } = address;
  return { type: 'create', address, text: 'makes it', body: { apiVersion, kind, ...content, metadata: { name, ...(namespace !== undefined && { namespace }), ...metadata } } };
}

export function removing(address: ObjectAddress, before: RawObject, item: RawObject): RemoveItem {
  return { type: 'remove-item', address, text: 'removes it', path: ['subjects'], item, before };
}

export function deleting(address: ObjectAddress, before: RawObject): DeleteObject {
  return { type: 'delete', address, text: 'deletes it', before };
}

export function setting(address: ObjectAddress, before: RawObject, path: SetText['path'], previous: string | undefined, value: string | undefined): SetText {
  return { type: 'set-text', address, text: 'sets it', path, previous, value, before };
}

/** `value` in place of the list that stands there. */
export function listing(address: ObjectAddress, before: RawObject, path: SetTexts['path'], value: readonly string[]): SetTexts {
  const previous = textsAt(before, ...path);
  return { type: 'set-texts', address, text: 'sets them', path, previous: previous.length === 0 ? undefined : previous, value, before };
}

/** How a sort of policy keeps an address out. */
export interface PolicyForm {
  readonly kind: 'NetworkPolicy' | 'CiliumNetworkPolicy' | 'CalicoNetworkPolicy';
  readonly start: Composition;
  readonly closing: (cidr: string) => readonly NewPart[];
}

const letting = (cidr: string) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port: 443 }] });

/** Of Kubernetes, Cilium and Calico. */
export const POLICY_FORMS: readonly [PolicyForm, ...PolicyForm[]] = [
  {
    kind: 'NetworkPolicy',
    start: { constants: { podSelector: {} }, ground: { egress: ['203.0.113.9/32', '198.51.100.7/32', '2001:db8::1/128'].map(letting) }, parts: [] },
    closing: (cidr) => [{ what: 'egress', field: 'policyTypes', add: ['Egress'] }, { what: cidr, field: 'egress', remove: [letting(cidr)] }],
  },
  { kind: 'CiliumNetworkPolicy', start: { constants: { endpointSelector: {} }, ground: {}, parts: [] }, closing: (cidr) => [{ what: cidr, field: 'egressDeny', add: [{ toCIDRSet: [{ cidr }] }] }] },
  { kind: 'CalicoNetworkPolicy', start: { constants: { order: 1 }, ground: { egress: [{ action: 'Pass' }] }, parts: [] }, closing: (cidr) => [{ what: cidr, field: 'egress', add: [{ action: 'Deny', destination: { nets: [cidr] } }] }] },
];

/** Keeps an address out with a policy of the bot's own, as the bot would write it besides what that does already. */
export function blocking({ start, closing }: PolicyForm, address: ObjectAddress, before: RawObject | undefined, cidr: string): CreateObject | ReplaceObject {
  const made = (before && compositionOf(before)) ?? start;
  return changeTo(withParts(made, closing(cidr)), address, { cluster: CLUSTER, workload: { namespace: address.namespace ?? '', kind: 'Deployment', name: 'web' }, installation: INSTALLATION }, before, 'blocks it');
}

/** Names of the subjects of a binding. */
export function peopleOf(binding: RawObject | undefined): readonly (string | undefined)[] {
  return ((binding?.subjects ?? []) as readonly unknown[]).map((subject) => textAt(subject, 'name'));
}

export function labelsOf(object: RawObject | undefined): RawObject | undefined {
  return objectAt(object, 'metadata', 'labels');
}

export const DONE: ChangeResult = { state: 'done' };
export const TAKEN_BACK: ChangeResult = { state: 'taken-back' };
