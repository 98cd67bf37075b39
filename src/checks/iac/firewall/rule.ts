import type { Problem, Source } from '#src/model/check.ts';
import { Unresolved, type RawObject, type Step } from '#src/model/raw.ts';
import type { TerraformResource } from '#src/model/terraform.ts';

/** Ports of one protocol; of `all` protocols and of ICMP every one. */
export interface PortRange {
  readonly protocol: string;
  /** Both absent for every port. */
  readonly from?: number;
  readonly to?: number;
}

/** What a firewall lets in. */
export interface AllowRule {
  readonly path: readonly Step[];
  readonly sources: readonly string[];
  readonly ports: readonly PortRange[];
}

/** How a provider writes its firewalls. */
export interface Firewall {
  readonly types: readonly string[];
  readonly source: Source;
  /** The rules that let something in. Each is read when it is asked for, so that one that is not known hides none before it. */
  readonly rules: (values: RawObject, type: string) => Iterable<() => AllowRule | undefined>;
}

const EVERY_PORT = 65535;
const NAMED = 5;
const EVERYONE = new Set(['*', 'any', 'internet', '0.0.0.0', '::', 'all']);
const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'all', '*': 'all', any: 'all', '': 'all', '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmp', icmpv6: 'icmp', 'ipv6-icmp': 'icmp' };

/** Whether a source is the whole internet: any network of which no bit is fixed. */
export function isEveryone(source: string): boolean {
  const text = source.trim().toLowerCase();
  return EVERYONE.has(text) || /\/0+$/.test(text);
}

/** What a rule's protocol is called, whatever the provider calls it. */
export function protocolOf(written: string | undefined): string {
  const name = (written ?? '').trim().toLowerCase();
  return PROTOCOLS[name] ?? name;
}

/** Ports from one to another; of which -1 stands for all. */
export function portRange(protocol: string, from: number | undefined, to: number | undefined): PortRange {
  const first = from ?? to;
  const last = to ?? from;
  if (protocol === 'all' || protocol === 'icmp' || first === undefined || last === undefined || first < 0 || last < 0) return { protocol };
  return { protocol, from: Math.min(first, last), to: Math.max(first, last) };
}

/** Ports as `22`, `20-25` or `20/25`, or a word or `-1/-1` for all of them. */
export function writtenRange(protocol: string, written: string): PortRange {
  const [, from, to = from] = /^\s*(\d+)(?:\s*[-/:]\s*(\d+))?\s*$/.exec(written) ?? [];
  return portRange(protocol, from === undefined ? undefined : Number(from), to === undefined ? undefined : Number(to));
}

/** `tcp/22`, `tcp/20-25`, `udp/*` or `all`. */
export function formatRange({ protocol, from, to }: PortRange): string {
  if (protocol === 'all') return 'all';
  if (from === undefined || to === undefined) return `${protocol}/*`;
  return `${protocol}/${from === to ? from : `${from}-${to}`}`;
}

export function includesPort({ protocol, from = 0, to = EVERY_PORT }: PortRange, wanted: string, port: number): boolean {
  return protocol === 'all' || (protocol === wanted && from <= port && port <= to);
}

/** Whether only these TCP ports are in the range, and ICMP is no port. */
export function isOnly({ protocol, from, to }: PortRange, ports: readonly number[]): boolean {
  return protocol === 'icmp' || (protocol === 'tcp' && from !== undefined && from === to && ports.includes(from));
}

/** What a firewall opens to everyone: ports, and where the first rule stands. */
export interface Opening {
  readonly path: readonly Step[];
  readonly sources: readonly string[];
  readonly ports: readonly PortRange[];
}

/**
 * The rules of a firewall that let in everyone, as one opening; undefined when there are none.
 *
 * @throws {Unresolved} when a rule is not known and no other one is wanted.
 */
export function openingOf({ values, type }: TerraformResource, firewall: Firewall, isWanted: (range: PortRange) => boolean): Opening | undefined {
  const open: AllowRule[] = [];
  let unknown: Unresolved | undefined;
  try {
    for (const read of firewall.rules(values, type)) {
      try {
        const rule = read();
        const ports = rule?.ports.filter(isWanted) ?? [];
        if (rule !== undefined && ports.length > 0 && rule.sources.some(isEveryone)) open.push({ ...rule, ports });
      } catch (error) {
        if (!(error instanceof Unresolved)) throw error;
        unknown ??= error;
      }
    }
  } catch (error) {
    if (!(error instanceof Unresolved)) throw error;
    unknown ??= error;
  }
  const [first] = open;
  if (first !== undefined) return { path: first.path, sources: [...new Set(open.flatMap(({ sources }) => sources.filter(isEveryone)))], ports: open.flatMap(({ ports }) => ports) };
  if (unknown !== undefined) throw unknown;
  return undefined;
}

/** The problem of an opening. */
export function problemOf({ path, sources, ports }: Opening, severity?: Problem['severity']): Problem {
  const named = [...new Set(ports.map(formatRange))].sort();
  return { path, ports: named, ...(severity !== undefined && { severity }), message: `Open to ${sources.join(', ')}: ${said(named)}` };
}

function said(ports: readonly string[]): string {
  if (ports.includes('all')) return 'every port';
  return `${ports.slice(0, NAMED).join(', ')}${ports.length > NAMED ? ` and ${ports.length - NAMED} more` : ''}`;
}
