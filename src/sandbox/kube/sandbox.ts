import { readFileSync } from 'node:fs';
import type { Clock } from '#src/model/clock.ts';
import type { RawObject } from '#src/model/raw.ts';
import { createAuthorizer } from './access/authorizer.ts';
import { createAuthority } from './access/certificates.ts';
import { createAccountTokens } from './access/tokens.ts';
import { MASTERS } from './access/user.ts';
import { createUsers, type KnownUser } from './access/users.ts';
import { createCatalog } from './catalog.ts';
import { toVersion } from './conversions.ts';
import { createFaults, type Faults } from './control/faults.ts';
import { createRequestLog, type RequestLog } from './control/request-log.ts';
import { startServer } from './http/server.ts';
import { createOpenWatches } from './http/watching.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { loadObject, loadObjects, readManifests } from './load.ts';
import { keyOf, type KubeObject } from './object.ts';
import { createStore } from './store/store.ts';
import { createControllers } from './write/controllers.ts';
import { byCluster, type Cluster } from './write/context.ts';
import { deleteObject } from './write/deleter.ts';

export interface KubeSandboxOptions {
  /** Objects that are there from the start, besides those of every new cluster. */
  readonly objects?: readonly RawObject[];
  /** A folder with YAML or JSON manifests, which are there from the start too. */
  readonly manifests?: string;
  /** Who may sign in, besides `admin`, a member of `system:masters`. */
  readonly users?: readonly KnownUser[];
  /** What the time is; the machine's clock when it is not given. TLS, timeouts of watches and slowness go by the machine's. */
  readonly clock?: Clock;
}

/** Which object is meant; the namespace is left out for what has none. */
export interface ObjectName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The cluster's objects without HTTP, for tests. */
export interface SandboxObjects {
  readonly get: (name: ObjectName) => KubeObject | undefined;
  /** All objects of a kind in the order of a list, in one namespace or in all. */
  readonly list: (apiVersion: string, kind: string, namespace?: string) => readonly KubeObject[];
  /** Creates the object or replaces it, status included, without asking who may. @throws when it is not valid */
  readonly put: (object: RawObject) => KubeObject;
  /** Deletes the object and what it owns. @throws when there is none */
  readonly delete: (name: ObjectName) => void;
}

/** A running API server stand-in. */
export interface KubeSandbox {
  readonly url: string;
  /** The certificate authority that clients trust, as PEM. */
  readonly ca: string;
  /** YAML text for a user who was added, or for a service account by its user name. @throws for anybody else */
  readonly kubeconfig: (user: string) => string;
  /** The same with a client certificate instead of a token. */
  readonly kubeconfigWithCertificate: (user: string) => Promise<string>;
  readonly tokenOf: (user: string) => string;
  readonly addUser: (user: KnownUser) => void;
  readonly objects: SandboxObjects;
  readonly faults: Faults & {
    /** Forgets all history, as a server does in time: continue tokens and versions from before are then too old. */
    readonly expireHistory: () => void;
    /** The same, and every watch that is open ends with 410. */
    readonly expireWatches: () => void;
  };
  readonly requests: RequestLog;
  readonly stop: () => Promise<void>;
}

const ADMIN: KnownUser = { name: 'admin', groups: [MASTERS] };
const SYSTEM_CLOCK: Clock = { now: () => new Date() };
const SHIPPED = JSON.parse(readFileSync(new URL('data/shipped.json', import.meta.url), 'utf8')) as readonly RawObject[];

/** Starts a Kubernetes API server stand-in on a free port of the loopback interface, with the objects of a new cluster. */
export async function startKubeSandbox(options: KubeSandboxOptions = {}): Promise<KubeSandbox> {
  const clock = options.clock ?? SYSTEM_CLOCK;
  const authority = await createAuthority();
  const store = createStore(clock);
  const catalog = createCatalog();
  const authorizer = createAuthorizer(store);
  const cluster: Cluster = { store, catalog, authorizer, clock };
  const controllers = createControllers(cluster, authority.cert);
  const tokens = createAccountTokens(clock);
  const users = createUsers(tokens, store);
  for (const user of [ADMIN, ...(options.users ?? [])]) users.add(user);
  loadObjects(SHIPPED, cluster, controllers.settle);
  loadObjects([...(options.manifests === undefined ? [] : readManifests(options.manifests)), ...(options.objects ?? [])], cluster, controllers.settle);

  const [faults, requests, watches] = [createFaults(), createRequestLog(clock), createOpenWatches()];
  let address = '';
  const writing = { store, catalog, cluster, now: () => clock.now() };
  const routes = { writing, catalog, users, tokens, watches, address: () => address };
  const server = await startServer({ routes, authorizer, faults, log: requests, settle: controllers.settle }, await authority.forServer(), authority.cert);
  address = `127.0.0.1:${server.port}`;
  const url = `https://${address}`;
  return {
    url,
    ca: authority.cert,
    kubeconfig: (user) => kubeconfigText(url, authority.cert, user, { token: users.tokenOf(user) }),
    kubeconfigWithCertificate: async (user) => kubeconfigText(url, authority.cert, user, await authority.forUser(user, users.groupsOf(user))),
    tokenOf: users.tokenOf,
    addUser: (user) => void users.add(user),
    objects: objectsOf(cluster, controllers.settle),
    faults: {
      ...faults,
      expireHistory: store.compact,
      expireWatches() {
        store.compact();
        watches.expire();
      },
    },
    requests,
    async stop() {
      controllers.stop();
      await server.stop();
    },
  };
}

function objectsOf(cluster: Cluster, settle: () => void): SandboxObjects {
  const { store, catalog } = cluster;
  const resourceOf = (apiVersion: string, kind: string): NonNullable<ReturnType<typeof catalog.ofKind>> => {
    const resource = catalog.ofKind(apiVersion, kind);
    if (resource === undefined) throw new Error(`the cluster stand-in does not serve ${apiVersion} ${kind}`);
    return resource;
  };
  const get = ({ apiVersion, kind, namespace, name }: ObjectName): KubeObject | undefined => {
    const resource = resourceOf(apiVersion, kind);
    const found = store.get(resource.store, keyOf(namespace, name));
    return found === undefined ? undefined : toVersion(found, resource);
  };
  return {
    get,
    list(apiVersion, kind, namespace) {
      const resource = resourceOf(apiVersion, kind);
      const all = store.list(resource.store).filter((object) => namespace === undefined || object.metadata.namespace === namespace);
      return all.map((object) => toVersion(object, resource));
    },
    put(object) {
      const stored = loadObject(object, cluster);
      settle();
      return stored;
    },
    delete(name) {
      const found = get(name);
      if (found === undefined) throw new Error(`there is no ${name.kind} ${keyOf(name.namespace, name.name)}`);
      const wishes = { propagation: 'Background', uid: undefined, resourceVersion: undefined, graceSeconds: 0 } as const;
      deleteObject(found, resourceOf(name.apiVersion, name.kind), wishes, cluster, byCluster('kubectl'));
      settle();
    },
  };
}
