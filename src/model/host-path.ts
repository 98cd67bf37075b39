import { knownObjectsAt, knownOf, objectAt, textAt, unknownLast, type Step } from './raw.ts';
import type { PodView } from './workload.ts';

/** A volume that is a path of the node. */
export interface HostPathVolume {
  readonly name: string;
  /** Absolute, without `.`, `..`, doubled or trailing slashes; undefined when none is written. */
  readonly hostPath: string | undefined;
  /** From the root of the object to the volume's `hostPath`. */
  readonly path: readonly Step[];
}

/**
 * The volumes of a pod that are paths of its node, mounted or not; of those only the wanted ones.
 *
 * @throws {Unresolved} when some are not known, and none is known and wanted.
 */
export function hostPathVolumes(pod: PodView, isWanted: (volume: HostPathVolume) => boolean = () => true): readonly HostPathVolume[] {
  return knownOf(unknownLast(eachHostPath(pod), (volume) => (isWanted(volume) ? [volume] : [])));
}

/** The same one after the other. That one is not known is only met when the known ones have gone by. */
export function eachHostPath(pod: PodView): Iterable<HostPathVolume> {
  return unknownLast(knownObjectsAt(pod.spec, 'volumes'), function* ([index, volume]) {
    const source = objectAt(volume, 'hostPath');
    if (source === undefined) return;
    const written = textAt(source, 'path');
    yield {
      name: textAt(volume, 'name') ?? `#${index}`,
      hostPath: written === undefined ? undefined : normalizePath(written),
      path: [...pod.path, 'volumes', index, 'hostPath'],
    };
  });
}

/** `//run/./x/../docker.sock/` as `/run/docker.sock`. A path that does not start at the root is read as if it did. */
export function normalizePath(written: string): string {
  const steps: string[] = [];
  for (const step of written.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}

/** Whether a normalised path is the directory or lies below it. */
export function isWithin(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}

/** `data (/srv/data), run (/run)` for a message. */
export function describeVolumes(volumes: readonly HostPathVolume[]): string {
  return volumes.map(({ name, hostPath }) => (hostPath === undefined ? name : `${name} (${hostPath})`)).join(', ');
}
