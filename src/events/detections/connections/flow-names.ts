import type { Flow, FlowEnd } from '#src/model/flow.ts';
import type { ObjectRef } from '#src/model/finding.ts';

/** A connection, or a try of one, and not an answer to one. */
export function begins({ reply, protocol }: Flow): boolean {
  return reply !== true && protocol !== 'icmp';
}

/** The workload at an end, or its pod where the network knows no owner; undefined where it knows neither. */
export function workloadOf({ pod, workload }: FlowEnd): ObjectRef | undefined {
  return workload ?? (pod === undefined ? undefined : { kind: 'Pod', ...pod });
}

/** `pool.example (203.0.113.9:3333)` for a message. */
export function endName({ names, address = 'an unknown address', port }: FlowEnd): string {
  const place = port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return names[0] === undefined ? place : `${names[0]} (${place})`;
}
