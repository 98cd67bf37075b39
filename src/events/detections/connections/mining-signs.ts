import type { FalcoAlert } from '#src/model/falco-alert.ts';

/** Domains under which pools take in work, and some that lead to many pools. */
const POOLS = [
  '2miners.com',
  'antpool.com',
  'c3pool.com',
  'crypto-pool.fr',
  'dwarfpool.com',
  'ethermine.org',
  'f2pool.com',
  'hashvault.pro',
  'herominers.com',
  'kryptex.network',
  'minergate.com',
  'minexmr.com',
  'miningpoolhub.com',
  'monerohash.com',
  'moneroocean.stream',
  'nanopool.org',
  'nicehash.com',
  'supportxmr.com',
  'unmineable.com',
  'viabtc.com',
  'xmrpool.eu',
  'zergpool.com',
  'zpool.ca',
];
/** Where pools usually listen; others listen there too. */
const STRATUM_PORTS: ReadonlySet<number> = new Set([3333, 4444, 5555, 7777, 8333, 14433, 14444, 45700]);
const STRATUM = /stratum\+(?:tcp|ssl|tls)|stratum2\+tcp|mining\.(?:subscribe|authorize)|\bxmrig\b/i;
const MINER_RULES = /common miner pool|crypto miners|stratum protocol/i;

export function isPoolName(name: string): boolean {
  const bare = name.toLowerCase().replace(/\.$/, '');
  return POOLS.some((pool) => bare === pool || bare.endsWith(`.${pool}`));
}

export function isStratumPort(port: number | undefined): boolean {
  return port !== undefined && STRATUM_PORTS.has(port);
}

/** Why an alert of Falco speaks of a miner; undefined when it does not. */
export function minerSign({ rule, command = '', output }: FalcoAlert): string | undefined {
  if (MINER_RULES.test(rule)) return `Falco's rule "${rule}"`;
  return STRATUM.test(command) || STRATUM.test(output) ? 'the language of mining pools' : undefined;
}
