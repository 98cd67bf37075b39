import type { Redis } from 'ioredis';
import type { ClusterState, ScanRecord } from '#src/model/scan-record.ts';
import type { ScanPatch, ScanRun, ScanRuns, Waiting } from '#src/model/scan-runs.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Ends that nothing changes any more. */
const FINAL: readonly ScanRecord['state'][] = ['done', 'failed', 'canceled'];

export interface ScanStore extends ScanRuns {
  /** Makes the scan the active one of its cluster, unless another one is; then that one. Either way these people are told when it ends. */
  readonly claim: (scan: ScanRecord, people: readonly Waiting[]) => Promise<ScanRecord>;
  readonly activeId: (cluster: string) => Promise<string | undefined>;
  /** Ends the scan and frees its cluster; whoever works at it can change nothing from then on. False when it has ended already. */
  readonly cancel: (scan: ScanRecord, person: string, at: Date) => Promise<boolean>;
  readonly state: (cluster: string) => Promise<ClusterState | undefined>;
}

/** KEYS: active scan. ARGV: id, record, ms to keep, prefix of scan keys, people. A scan that is forgotten holds nothing any more. */
const CLAIM = script(`
local id = redis.call('GET', KEYS[1])
if not id or redis.call('EXISTS', ARGV[4] .. id) == 0 then
  id = ARGV[1]
  redis.call('SET', KEYS[1], id)
  redis.call('HSET', ARGV[4] .. id, 'record', ARGV[2], 'patch', '{}', 'run', 0)
  redis.call('PEXPIRE', ARGV[4] .. id, ARGV[3])
end
for i = 5, #ARGV do
  redis.call('SADD', ARGV[4] .. id .. ':audience', ARGV[i])
  redis.call('PEXPIRE', ARGV[4] .. id .. ':audience', ARGV[3])
end
return id`);

/** KEYS: scan, active scan. ARGV: id, person, time. */
const CANCEL = script(`
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'ended', '1', 'canceledBy', ARGV[2], 'canceledAt', ARGV[3])
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return 1`);

const BEGIN = script(`
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return false end
return redis.call('HINCRBY', KEYS[1], 'run', 1)`);

/** KEYS: scan, active scan, cluster state. ARGV: run, patch, id, state of the cluster or '', '1' at the end. */
const WRITE = script(`
if redis.call('HGET', KEYS[1], 'run') ~= ARGV[1] or redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'patch', ARGV[2])
if ARGV[4] ~= '' then redis.call('SET', KEYS[3], ARGV[4]) end
if ARGV[5] == '1' then
  redis.call('HSET', KEYS[1], 'ended', '1')
  if redis.call('GET', KEYS[2]) == ARGV[3] then redis.call('DEL', KEYS[2]) end
end
return 1`);

/** Scans in Redis. A scan is forgotten `keepMs` after it was asked for; what is known of a cluster is kept. */
export function createScanStore(redis: Redis, keepMs: number): ScanStore {
  const get = async (id: string): Promise<ScanRecord | undefined> => {
    const stored = await redis.hgetall(keys.scan(id));
    if (stored.record === undefined) return undefined;
    const base = JSON.parse(stored.record) as ScanRecord;
    const patch = JSON.parse(stored.patch ?? '{}') as ScanPatch;
    return { ...base, ...patch, runs: Number(stored.run), ...cancellation(stored) };
  };
  return {
    get,
    async claim(scan, people) {
      const id = await CLAIM(redis, [keys.activeScan(scan.cluster)], [scan.id, JSON.stringify(scan), keepMs, keys.scan(''), ...people.map(waitingText)]);
      return (id === scan.id ? undefined : await get(String(id))) ?? scan;
    },
    activeId: async (cluster) => (await redis.get(keys.activeScan(cluster))) ?? undefined,
    cancel: async ({ id, cluster }, person, at) => (await CANCEL(redis, [keys.scan(id), keys.activeScan(cluster)], [id, person, at.toISOString()])) === 1,
    audience: async (id) => (await redis.smembers(keys.scanAudience(id))).sort().map(readWaiting),
    async state(cluster) {
      const stored = await redis.get(keys.clusterState(cluster));
      return stored === null ? undefined : (JSON.parse(stored) as ClusterState);
    },
    async begin(id) {
      const run = await BEGIN(redis, [keys.scan(id)], []);
      const scan = run === null ? undefined : await get(id);
      return scan === undefined ? undefined : startedRun(redis, scan, Number(run));
    },
  };
}

/** Patches pile up within a run, so that each step says only what is new, also while another one is on its way. */
function startedRun(redis: Redis, scan: ScanRecord, run: number): ScanRun {
  let current = scan;
  const write = async (patch: ScanPatch, state: ClusterState | undefined, ended: boolean): Promise<ScanRecord | undefined> => {
    current = { ...current, ...patch };
    const { id, cluster, scope, asker, channel, queuedAt, runs, canceledBy, ...changing } = current;
    const written = await WRITE(
      redis,
      [keys.scan(id), keys.activeScan(cluster), keys.clusterState(cluster)],
      [run, JSON.stringify(changing), id, state === undefined ? '' : JSON.stringify(state), ended ? '1' : '0'],
    );
    return written === 1 ? current : undefined;
  };
  return { scan, report: (patch) => write(patch, undefined, false), end: (patch, state) => write(patch, state, true) };
}

function cancellation({ canceledBy, canceledAt }: Readonly<Record<string, string>>): Pick<ScanRecord, 'canceledBy' | 'endedAt'> & { readonly state?: 'canceled' } {
  return canceledBy === undefined || canceledAt === undefined ? {} : { state: 'canceled', canceledBy, endedAt: canceledAt };
}

/** Slack ids hold no blanks. */
function waitingText({ person, channel = '' }: Waiting): string {
  return `${person} ${channel}`;
}

function readWaiting(text: string): Waiting {
  const [person = '', channel = ''] = text.split(' ');
  return { person, ...(channel !== '' && { channel }) };
}

export function hasEnded(scan: ScanRecord): boolean {
  return FINAL.includes(scan.state);
}
