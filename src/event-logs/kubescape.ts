import { z } from 'zod';
import type { Clock } from '#src/model/clock.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { EventPull } from '#src/model/event-intake.ts';
import { kindInfo } from '#src/model/kinds.ts';
import { SourceFailed } from '#src/model/people.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { NotListed } from '#src/model/source.ts';

export interface KubescapePullNeeds {
  readonly cluster: string;
  readonly everyMinutes: number;
  readonly open: (signal: AbortSignal) => Promise<OpenCluster>;
  readonly clock: Clock;
  /** Objects read in one look. */
  readonly most?: number;
}

const KIND = 'NetworkNeighborhood';
const MOST = 50;
const MINUTE_MS = 60_000;

/** When all objects were looked at, and the version of each that was read. */
const cursorShape = z.strictObject({ askedMs: z.int(), read: z.record(z.string(), z.string()) });

/** Reads what Kubescape says of the connections of workloads, again where it has changed. */
export function createKubescapePull({ cluster, everyMinutes, open, clock, most = MOST }: KubescapePullNeeds): EventPull {
  // The first look of a process is always due: it tells the status how Kubescape is.
  let isDue = true;
  return {
    async pull(cursor, signal) {
      const { askedMs, read } = cursor === undefined ? { askedMs: 0, read: {} } : cursorShape.parse(JSON.parse(cursor));
      const now = clock.now().getTime();
      if (!isDue && now - askedMs < everyMinutes * MINUTE_MS) return undefined;
      const opened = await open(signal);
      try {
        const versions = await versionsIn(opened, signal);
        isDue = false;
        if (versions === undefined) return { text: '', cursor: JSON.stringify({ askedMs: now, read }), problem: 'the API server serves no networkneighborhoods; is Kubescape there?' };
        const changed = [...versions].filter(([name, version]) => read[name] !== version);
        const some = changed.slice(0, most);
        const texts = await Promise.all(some.map(([name]) => textOf(opened, cluster, name, signal)));
        // What is gone is forgotten.
        const known = Object.fromEntries([...versions].filter(([name, version]) => read[name] === version || some.some(([one]) => one === name)));
        return { text: texts.filter((text) => text !== undefined).join('\n'), cursor: JSON.stringify({ askedMs: changed.length > some.length ? 0 : now, read: known }) };
      } finally {
        opened.close();
      }
    },
  };
}

/** Version of each object by `namespace/name`; undefined when the API server does not serve them. @throws {SourceFailed} */
async function versionsIn(opened: OpenCluster, signal: AbortSignal): Promise<ReadonlyMap<string, string> | undefined> {
  const versions = new Map<string, string>();
  try {
    for await (const items of opened.list(KIND, signal)) for (const { object } of items) versions.set(`${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`, textAt(object, 'metadata', 'resourceVersion') ?? '');
  } catch (error) {
    if (!(error instanceof NotListed)) throw error;
    if (error.absent) return undefined;
    throw new SourceFailed('forbidden', error.message);
  }
  return versions;
}

/** Lists of Kubescape hold the metadata alone. Undefined for what was deleted meanwhile. */
async function textOf(opened: OpenCluster, cluster: string, key: string, signal: AbortSignal): Promise<string | undefined> {
  const [namespace = '', name = ''] = key.split('/');
  const { groups, version, resource }: { readonly groups: readonly string[]; readonly version?: string; readonly resource: string } = kindInfo(KIND);
  const object: RawObject | undefined = await opened.get({ cluster, apiVersion: `${groups[0] ?? ''}/${version ?? ''}`, kind: KIND, resource, namespace, name }, signal);
  return object === undefined ? undefined : JSON.stringify(object);
}
