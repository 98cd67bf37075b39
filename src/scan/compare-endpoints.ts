import { objectKey, type Finding, type Reach } from '#src/model/finding.ts';
import type { KnownEndpoints, NewEndpoint, NewEndpoints } from '#src/model/scan-record.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { describeWay, doorOfPath } from '#src/network/exposure.ts';

/** Its findings say what the internet reaches. */
const CHECK = 'exposure/internet-exposed-workload';

export interface EndpointComparison {
  /** What to compare with next time. */
  readonly known: KnownEndpoints | undefined;
  /** Undefined when there was nothing to compare with, or not everything could be looked at. */
  readonly fresh: NewEndpoints | undefined;
}

interface Look {
  /** Whether a finding lies in the part of the cluster that was scanned. */
  readonly isMine: (finding: Finding) => boolean;
  readonly isPart: boolean;
  readonly at: string;
}

/**
 * What has come to be reached since a scan last saw all that the internet reaches.
 *
 * A scan that could not look wherever something may lead in neither tells of anything nor changes what is known: what it did not see
 * would seem new to the next one.
 */
export function compareEndpoints(known: KnownEndpoints | undefined, { findings, checks, notEvaluated, undecided }: ScanResult, { isMine, isPart, at }: Look): EndpointComparison {
  const isBlind = !checks.includes(CHECK) || [...notEvaluated, ...undecided].some(({ check }) => check === CHECK);
  if (isBlind || (known === undefined && isPart)) return { known, fresh: undefined };
  const reached = findings.flatMap((finding) => (finding.check === CHECK && finding.reach !== undefined && isMine(finding) ? [{ finding, reach: finding.reach }] : []));
  const keys = reached.flatMap(({ finding, reach }) => reach.doors.map((door) => keyOf(door, finding)));
  if (known === undefined) return { known: { at, keys: [...new Set(keys)] }, fresh: undefined };
  const before = new Set(known.keys);
  const workloads = reached.flatMap(({ finding, reach }) => newEndpoint(finding, reach, before));
  return {
    // What lies outside of a part was not looked at, and stays as it was.
    known: isPart ? { at: known.at, keys: [...new Set([...known.keys, ...keys])] } : { at, keys: [...new Set(keys)] },
    fresh: { since: known.at, workloads },
  };
}

function newEndpoint(finding: Finding, { doors, pods, owner }: Reach, before: ReadonlySet<string>): readonly NewEndpoint[] {
  const paths = doors.filter((door) => !before.has(keyOf(door, finding))).map((door) => describeWay(door, finding.object, pods));
  return paths.length === 0 ? [] : [{ object: finding.object, finding: finding.fingerprint, paths, ...(owner !== undefined && { owner }) }];
}

/** An Ingress that sends to the same pods through another Service is no new door. */
function keyOf(door: string, { object }: Finding): string {
  return `${doorOfPath(door)} > ${objectKey(object)}`;
}
