import { defineObjectCheck } from '#src/model/check.ts';
import { compareSeverity, type Severity } from '#src/model/finding.ts';
import { textAt } from '#src/model/raw.ts';
import { cis, nsa } from '#src/model/references.ts';
import { isEverybody, publicPart, subtract, union, type AddressSet } from '#src/network/addresses.ts';
import { parseAdminPolicy, type AdminPolicy } from '#src/network/admin-policy.ts';
import { unclearText } from '#src/network/coverage.ts';
import { DIRECTIONS, parsePolicy, type Policy } from '#src/network/policy.ts';
import type { Direction, PortRule, Rule } from '#src/network/rules.ts';

/** DNS and HTTPS: what most workloads need from outside. */
const USUAL_PORTS: ReadonlySet<number | undefined> = new Set([53, 443]);
const SENTENCES = {
  ingress: { nobody: 'It lets everybody in, because a rule names nobody', all: 'It lets the whole internet in' },
  egress: { nobody: 'It lets connections out to everybody, because a rule names nobody', all: 'It lets connections out to the whole internet' },
} as const;

interface Opening {
  readonly direction: Direction;
  readonly index: number;
  readonly severity: Severity;
  readonly message: string;
}

/** Reports each policy that opens a direction to the whole internet, minus exceptions. A baseline of administrators only says what holds anyway. */
export const check = defineObjectCheck({
  id: 'exposure/network-policy-allows-internet',
  title: 'Network policies do not open to the whole internet',
  severity: 'high',
  tips: [3],
  why: 'A policy that allows everybody protects nothing, and looks as if it did.',
  fix: 'Name the pods, namespaces or ranges that are meant; let what needs many outside addresses go through a proxy.',
  sources: [cis('5.3.2'), nsa('Network separation and hardening: Network policies')],
  kinds: ['NetworkPolicy', 'AdminNetworkPolicy', 'ClusterNetworkPolicy'],
  *judge(object) {
    const admin = textAt(object, 'kind') === 'NetworkPolicy' ? undefined : parseAdminPolicy(object);
    if (admin !== undefined && admin.unclear.egress.length > 0) {
      yield { undecided: unclearText(admin, 'egress') };
      return;
    }
    const openings = admin === undefined ? openingsOf(parsePolicy(object)) : adminOpenings(admin);
    const [worst] = openings.toSorted((a, b) => compareSeverity(a.severity, b.severity));
    if (worst !== undefined) yield { severity: worst.severity, path: ['spec', worst.direction, worst.index], message: worst.message };
  },
});

function openingsOf(policy: Policy): readonly Opening[] {
  return DIRECTIONS.flatMap((direction) => (policy[direction] ?? []).flatMap((rule, index) => openingOf(rule, direction, index) ?? []));
}

/** Only outgoing rules name addresses. What an earlier rule denies or passes on is not open. */
function adminOpenings({ baseline, egress }: AdminPolicy): readonly Opening[] {
  if (baseline) return [];
  return egress.flatMap((rule, index) => {
    const before = egress.slice(0, index).filter(({ action, ports }) => action !== 'Allow' && ports === undefined);
    const opening = rule.action === 'Allow' ? openingOf({ ...rule, peers: [{ addresses: subtract(addressesOf(rule), union(before.map(addressesOf))) }] }, 'egress', index) : undefined;
    return opening === undefined ? [] : [{ ...opening, message: `${opening.message}, whatever NetworkPolicies say` }];
  });
}

function addressesOf({ peers = [] }: Rule): AddressSet {
  return union(peers.flatMap((peer) => ('addresses' in peer ? [peer.addresses] : [])));
}

function openingOf({ peers, ports }: Rule, direction: Direction, index: number): Opening | undefined {
  const { nobody, all } = SENTENCES[direction];
  if (peers !== undefined && !coversInternet(peers)) return undefined;
  const usual = direction === 'egress' && ports?.every(isUsual) === true;
  return { direction, index, severity: usual ? 'low' : 'high', message: `${peers === undefined ? nobody : all}${ports === undefined ? '' : ` on ${describePorts(ports)}`}` };
}

/** All public addresses but for some exceptions: more than half of IPv4 or IPv6 is left. */
function coversInternet(peers: NonNullable<Rule['peers']>): boolean {
  const blocks = addressesOf({ peers, ports: undefined });
  return isEverybody(blocks) || ([4, 6] as const).some((family) => {
    const left = publicPart(blocks.filter((range) => range.family === family));
    const size = left.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
    return size > 1n << (family === 4 ? 31n : 127n);
  });
}

function isUsual({ first, last }: PortRule): boolean {
  return first === last && USUAL_PORTS.has(first);
}

function describePorts(ports: readonly PortRule[]): string {
  const words = ports.map(({ protocol, name, first, last }) => `${protocol}${portText(name, first, last)}`);
  return words.join(', ');
}

function portText(name: string | undefined, first: number | undefined, last: number | undefined): string {
  if (first === undefined) return name === undefined ? '' : ` ${name}`;
  return first === last ? ` ${first}` : ` ${first}-${String(last)}`;
}
