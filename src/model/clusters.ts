import type { CheckContext } from './check.ts';
import type { AccessQuestion, ObjectAddress } from './plan.ts';
import type { RawObject } from './raw.ts';
import type { ObjectSource } from './source.ts';
import type { SshAnswers } from './ssh.ts';

/** A cluster that is watched. */
export interface Cluster {
  readonly name: string;
  readonly production: boolean;
  /** Where scheduled results go; undefined when no channel is configured. */
  readonly channel: string | undefined;
  /** Cron expression of its scans, or `off`. */
  readonly schedule: string;
  /** The same of its daily map; absent where none is drawn by itself. */
  readonly mapSchedule?: string;
  readonly timeZone: string;
  /** The bot may try whether addresses of its nodes on the internet answer on the port of SSH. */
  readonly probeSsh?: boolean;
  /** The bot may ask kubelets for their settings through the API server. */
  readonly readKubelets?: boolean;
}

/** The API server did not answer, or not as one. The message is for people and names no address. */
export class ClusterUnreachable extends Error {}

export type ChangeFault =
  /** 409, or a `test` of a patch that did not hold: the object is not what it was. */
  | 'conflict'
  /** 409 on create: there is one of that name. */
  | 'exists'
  /** 404, 410 */
  | 'gone'
  /** 401, 403 */
  | 'forbidden'
  /** 403: a binding may be written only by who may `bind` its role; deleting one needs no such right. */
  | 'may-not-bind'
  /** 400, 422, or an admission webhook's refusal. */
  | 'refused'
  /** Nothing was done: 429, no connection, or no proper answer to what changes nothing. */
  | 'busy'
  /** A change was sent and no proper answer came, or a 5xx: nobody knows whether it was made. */
  | 'unknown';

/** One request about one object failed. The message is for people; it holds what the API server says, and no address. */
export class ChangeFailed extends Error {
  readonly fault: ChangeFault;

  constructor(fault: ChangeFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** RFC 6902, as far as it is used here. `path` is a JSON pointer. */
export type PatchStep =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

export interface WriteOptions {
  /** Everything but the writing, admission included. */
  readonly dryRun?: boolean;
}

/** A cluster to read from and to change, with connections that have to be closed. */
export interface OpenCluster extends ObjectSource {
  /** Undefined when there is none; of Secrets the metadata alone. @throws {ChangeFailed} */
  readonly get: (address: ObjectAddress, signal: AbortSignal) => Promise<RawObject | undefined>;
  /** Objects of one kind, in every namespace, that have these labels; not of Secrets. @throws {ChangeFailed} */
  readonly labelled: (kind: Omit<ObjectAddress, 'namespace' | 'name'>, labels: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<readonly RawObject[]>;
  /** Whether the API server says that it serves this kind; false also where it says nothing. */
  readonly serves: (kind: Pick<ObjectAddress, 'apiVersion' | 'resource'>, signal: AbortSignal) => Promise<boolean>;
  /** @throws {ChangeFailed} */
  readonly create: (address: ObjectAddress, body: RawObject, options: WriteOptions, signal: AbortSignal) => Promise<RawObject>;
  /** @throws {ChangeFailed} */
  readonly patch: (address: ObjectAddress, steps: readonly PatchStep[], options: WriteOptions, signal: AbortSignal) => Promise<RawObject>;
  /** Only the object with this uid, and this resourceVersion where one is given. @throws {ChangeFailed} */
  readonly delete: (address: ObjectAddress, only: { readonly uid: string; readonly resourceVersion?: string }, options: WriteOptions, signal: AbortSignal) => Promise<void>;
  /** Asks a SubjectAccessReview; `reason` is what the API server says, such as the binding that allows it. @throws {ChangeFailed} */
  readonly may: (question: AccessQuestion, signal: AbortSignal) => Promise<{ readonly allowed: boolean; readonly reason: string }>;
  /** Tries the port of SSH of each address, and says nothing there. Absent where the bot may not try. */
  readonly trySsh?: (addresses: readonly string[], signal: AbortSignal) => Promise<SshAnswers>;
  /** Makes a request that changes nothing and that carries a mark, for the audit log to have it. @throws {ClusterUnreachable} */
  readonly leaveMark: (mark: string, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** A source as a cluster in which nothing can be looked at one by one and nothing changed. */
export function readOnlyCluster(source: ObjectSource): OpenCluster {
  const refuse = (): Promise<never> => Promise.reject(new ChangeFailed('refused', 'this cluster can only be listed'));
  return { ...source, get: refuse, labelled: refuse, serves: () => Promise.resolve(false), create: refuse, patch: refuse, delete: refuse, may: refuse, leaveMark: refuse, close: () => undefined };
}

/** Remembers requests for client certificates that were issued, because the cluster forgets them after an hour and the certificates last. */
export interface CertificateMemory {
  /** CertificateSigningRequests whose certificates have not ended. */
  readonly of: (cluster: string, now: Date) => Promise<readonly RawObject[]>;
  readonly remember: (cluster: string, requests: readonly RawObject[]) => Promise<void>;
}

export interface Clusters {
  readonly all: () => readonly Cluster[];
  readonly find: (name: string) => Cluster | undefined;
  /** @throws {ClusterUnreachable} */
  readonly open: (name: string, signal: AbortSignal) => Promise<OpenCluster>;
  readonly settings: CheckContext['settings'];
  /** Absent where nothing is remembered. */
  readonly certificates?: CertificateMemory;
}
