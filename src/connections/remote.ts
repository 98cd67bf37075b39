import { INTERNET, TRANSLATED, type Remote } from '#src/model/connection.ts';
import type { PlacedAddress } from './classify.ts';

/** Names that no group of the configuration may have. */
export const RESERVED_GROUPS: readonly string[] = [INTERNET, TRANSLATED];

/** An answer of DNS is no evidence for longer. */
const FRESH_MS = 24 * 3600_000;
/** Answers that came so close together say nothing about which of them was used. */
const SAME_MS = 1000;
/** Pairs of workload and address in each of two generations. */
const REMEMBERED = 50_000;
const NAMES_OF_ADDRESS = 8;
/** No top-level domain is a number: such a text is a broken address. */
const NUMBERS = /(?:^|\.)\d+$/;
const DNS_NAME = /^[a-z0-9_*](?:[a-z0-9_*-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

interface Answer {
  readonly name: string;
  readonly atMs: number;
}

/** The names that workloads asked DNS for, by the addresses that they were answered with. */
export interface NameMemory {
  readonly learn: (workload: string, address: string, name: string, atMs: number) => void;
  /** The names that fit at that time, the most recent first; several only where nobody can tell which was used. */
  readonly namesOf: (workload: string, address: string, atMs: number) => readonly string[];
}

/** Remembers in a bounded room; what was not used for long is forgotten first. */
export function createNameMemory(size: number = REMEMBERED): NameMemory {
  let young = new Map<string, readonly Answer[]>();
  let old = new Map<string, readonly Answer[]>();
  const put = (key: string, answers: readonly Answer[]): void => {
    young.set(key, answers);
    if (young.size < size) return;
    old = young;
    young = new Map();
  };
  const answersOf = (key: string): readonly Answer[] => young.get(key) ?? old.get(key) ?? [];
  return {
    learn(workload, address, name, atMs) {
      const key = `${workload} ${address}`;
      const known = answersOf(key);
      const before = known.find((answer) => answer.name === name);
      if (before !== undefined && before.atMs >= atMs && young.has(key)) return;
      const answers = [{ name, atMs: Math.max(atMs, before?.atMs ?? atMs) }, ...known.filter((answer) => answer !== before)];
      put(key, answers.toSorted((a, b) => b.atMs - a.atMs).slice(0, NAMES_OF_ADDRESS));
    },
    namesOf(workload, address, atMs) {
      const fresh = answersOf(`${workload} ${address}`).filter((answer) => Math.abs(atMs - answer.atMs) <= FRESH_MS);
      // What was answered later than the connection began was not used for it, unless nothing else is known.
      const before = fresh.filter((answer) => answer.atMs <= atMs + SAME_MS);
      const [latest, ...others] = before.length > 0 ? before : fresh;
      return latest === undefined ? [] : [latest.name, ...others.filter((answer) => latest.atMs - answer.atMs < SAME_MS).map(({ name }) => name)];
    },
  };
}

/** Lower case and without the last dot; undefined for what is no name of DNS. */
export function dnsName(text: string): string | undefined {
  const name = text.replace(/\.$/, '').toLowerCase();
  return name.length <= 253 && DNS_NAME.test(name) && !NUMBERS.test(name) ? name : undefined;
}

/** One name that fits, else the group of the address, else the address. */
export function remoteOf(names: readonly string[], placed: PlacedAddress): Remote {
  const [name] = names;
  if (name !== undefined && names.length === 1) return { kind: 'name', name };
  return placed.group === undefined ? { kind: 'address', address: placed.address } : { kind: 'group', name: placed.group };
}
