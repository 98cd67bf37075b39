import type { ConnectionCertificates } from './connection-certificates.ts';
import type { Kind } from './kinds.ts';
import type { RawObject } from './raw.ts';
import type { KubernetesVersion } from './version.ts';

/** One object of a source; `origin` is for whoever prints its findings. */
export interface SourcedObject {
  readonly object: RawObject;
  /** Terraform's address, of what is written in its language; it tells objects apart where names are not known. */
  readonly address?: string;
  readonly origin?: unknown;
}

/** Where a scan reads its objects from: a cluster, or files. */
export interface ObjectSource {
  readonly version: KubernetesVersion;
  /** What it does not list does not exist, as in a live cluster. Absent for files, which hold only some of a cluster. */
  readonly complete?: true;
  /** Those of the connection that it is read over. */
  readonly connection?: ConnectionCertificates;
  /**
   * The objects of one kind, page by page; pages already yielded stay valid when a later one fails.
   *
   * @throws {NotListed} when not all of them could be read.
   */
  list(kind: Kind, signal: AbortSignal): AsyncIterable<readonly SourcedObject[]>;
}

/** Some objects of a kind could not be read. The message is for people: `no permission to list nodes`. */
export class NotListed extends Error {
  /** The API server does not serve the kind at all. */
  readonly absent: boolean;

  constructor(message: string, absent = false) {
    super(message);
    this.absent = absent;
  }
}
