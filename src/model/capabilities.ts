import { listAt, textAt, type Step } from './raw.ts';
import type { Container } from './workload.ts';

/** What the baseline level of the Pod Security Standards lets a container add. */
export const BASELINE_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** One entry of `capabilities.add` or `.drop`. */
export interface ListedCapability {
  /** As the Pod Security Standards compare it: letter by letter. */
  readonly written: string;
  /** As some runtimes read it: in any case, with or without `CAP_`. */
  readonly name: string;
  /** From the container. */
  readonly path: readonly Step[];
}

/** The capabilities that a container adds or drops. */
export function capabilitiesOf(container: Container, list: 'add' | 'drop'): readonly ListedCapability[] {
  const path = ['securityContext', 'capabilities', list];
  const found: ListedCapability[] = [];
  for (const index of listAt(container.raw, ...path).keys()) {
    const written = textAt(container.raw, ...path, index);
    if (written !== undefined) found.push({ written, name: written.toUpperCase().replace(/^CAP_/, ''), path: [...path, index] });
  }
  return found;
}

/** Names them for a message, and says of one that is only spelled wrong how it has to be written. */
export function describeCapabilities(listed: readonly ListedCapability[], meant: ReadonlySet<string>): string {
  return listed.map(({ written, name }) => (meant.has(name) ? `${written} (counts only when written ${name})` : written)).join(', ');
}
