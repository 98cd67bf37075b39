import { endingsOf, endTexts, unreadable, type Ending } from '#src/actions/end-notes.ts';
import { nameOf } from '#src/actions/wording.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { RANGES_PATH } from './fronts.ts';
import { listed } from './listed.ts';
import type { SweepScene } from './sweep.ts';

interface ServiceScene extends Omit<SweepScene, 'enforces'> {
  /** Services of other namespaces are not looked at. */
  readonly mayChange: (namespace: string) => boolean;
}

/** What a sweep of Services did and found. Texts are for people. */
interface SweptRanges {
  /** Services with ranges that are there for a time. */
  readonly count: number;
  readonly ended: readonly { readonly service: string; readonly endings: readonly Ending[] }[];
  readonly problems: readonly string[];
}

/** Ends source ranges that had their time, by what stands on the Services themselves. */
export async function sweepRanges(cluster: OpenCluster, scene: ServiceScene, signal: AbortSignal): Promise<SweptRanges> {
  let services: readonly RawObject[];
  try {
    services = await listed(cluster, 'Service', signal);
  } catch (error) {
    if (!(error instanceof NothingToPropose)) throw error;
    return { count: 0, ended: [], problems: [error.message] };
  }
  const swept: SweptOne[] = [];
  for (const service of services) {
    if (scene.mayChange(textAt(service, 'metadata', 'namespace') ?? '')) swept.push(await sweepOne(service, cluster, scene, signal));
  }
  return { count: swept.filter(({ isOurs }) => isOurs).length, ended: swept.flatMap(({ ended = [] }) => ended), problems: swept.flatMap(({ problem = [] }) => problem) };
}

interface SweptOne {
  readonly isOurs: boolean;
  readonly ended?: SweptRanges['ended'][number];
  readonly problem?: string;
}

async function sweepOne(service: RawObject, cluster: OpenCluster, { cluster: name, installation, now, stateOf }: ServiceScene, signal: AbortSignal): Promise<SweptOne> {
  const address: ObjectAddress = { cluster: name, apiVersion: 'v1', kind: 'Service', resource: 'services', namespace: textAt(service, 'metadata', 'namespace') ?? '', name: textAt(service, 'metadata', 'name') ?? '' };
  const noted = endingsOf(service);
  if (noted === undefined) return { isOurs: false, problem: unreadable(address) };
  const own = noted.filter((one) => one.installation === installation);
  const reverted = new Set<string>();
  for (const { request } of own) if ((await stateOf(request)) === 'reverted') reverted.add(request);
  const isOver = (one: Ending): boolean => one.installation === installation && (reverted.has(one.request) || Date.parse(one.until) <= now.getTime());
  const endings = own.filter(isOver);
  if (endings.length === 0) return { isOurs: own.length > 0 };
  const { state, problem } = await endTexts({ address, path: RANGES_PATH, isOver }, cluster, signal);
  if (state === 'taken-back') return { isOurs: own.length > endings.length, ended: { service: nameOf(address), endings } };
  return { isOurs: true, problem: `source ranges of ${nameOf(address)} that had their time go on: ${problem ?? 'nobody knows why'}` };
}
