import { command } from '#commands/connections.ts';
import { job as askConnections } from '#jobs/ask-connections.ts';
import { systemClock } from '#src/clock.ts';
import { CONNECTION_STATES, type Connection, type Sighting } from '#src/model/connection.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { keys } from '#src/store/keys.ts';
import { BenchFault, least, measureRounds, ratioOf, sampleOf, type Bench } from '../harness.ts';
import { record, sightingsOf, startWorld, turnBack, type World } from './world.ts';

const SIZES = { small: { large: 50_000, tenth: 5000 }, full: { large: 200_000, tenth: 20_000 } } as const;
const [LARGE, TENTH] = ['large', 'tenth'];
/** What is shown of a cluster. */
const PAGE = 15;
/** Requests that wait at once. */
const GROUPS = 25;
/** A single one is over too soon to be measured. */
const TIMES = 20;
const KNOWN = 2000;

/** What showing and asking about connections costs in a large cluster. */
export const bench: Bench = {
  name: 'connections',
  summary: 'showing and asking about many connections, against reading what is shown (F)',
  async run({ size, pairs, seed, note }) {
    const { large, tenth } = SIZES[size];
    const world = await startWorld([LARGE, TENTH]);
    try {
      const { redis } = world;
      const before = await world.memory();
      note(`recording ${large} connections`);
      const sightings = sightingsOf(LARGE, large, seed);
      await record(redis, LARGE, sightings);
      const sorted = await world.memory();
      await record(redis, TENTH, sightingsOf(TENTH, tenth, seed));
      note('comparing with a walk over all of them');
      const ids = await check(world, LARGE, large);
      note(`${pairs} rounds`);
      const samples = await measureRounds(
        {
          plainPage: () => many(() => plainPage(world)),
          page: () => many(() => page(world, LARGE)),
          plainAsk: () => many(() => plainRecords(world, ids)),
          ask: () => many(() => ask(world, LARGE)),
          see: () => sampleOf(() => createConnectionStore(redis).see(LARGE, seenAgain(sightings.slice(0, KNOWN)), () => ({ state: 'new' }))),
        },
        pairs,
      );
      const sent = { page: await growth(world, page), ask: await growth(world, ask) };
      note('keeping them as earlier versions did, and adopting them');
      const withTenth = await world.memory();
      await turnBack(redis, LARGE);
      const sets = sorted - (withTenth - (await world.memory()));
      const { wallMs: adoptMs } = await sampleOf(() => world.services.connections.adopt(LARGE));
      await check(world, LARGE, large);
      const cpu = ({ cpuMs }: { readonly cpuMs: number }) => cpuMs;
      const wall = ({ wallMs }: { readonly wallMs: number }) => wallMs;
      return {
        targets: [
          { id: 'F1', says: 'CPU of /k8ssec connections ÷ reading one page of a sorted set and what it names', atMost: 4, ...ratioOf(samples.page, samples.plainPage, cpu) },
          { id: 'F2', says: `what Redis sends for it among ${large} ÷ among ${tenth}`, atMost: 1.2, value: sent.page },
          { id: 'F3', says: 'CPU of asking ÷ reading what is asked about', atMost: 4, ...ratioOf(samples.ask, samples.plainAsk, cpu) },
          { id: 'F4', says: `what Redis sends for it among ${large} ÷ among ${tenth}`, atMost: 1.2, value: sent.ask },
          { id: 'F5', says: 'memory of Redis for a connection ÷ the same without sorted sets', atMost: 1.5, value: (sorted - before) / (sets - before) },
        ],
        figures: [
          { name: 'one page, plain', value: least(samples.plainPage.map(wall)) / TIMES, unit: 'ms' },
          { name: '/k8ssec connections', value: least(samples.page.map(wall)) / TIMES, unit: 'ms' },
          { name: 'asking', value: least(samples.ask.map(wall)) / TIMES, unit: 'ms' },
          { name: 'counting a known one', value: (least(samples.see.map(wall)) * 1000) / KNOWN, unit: 'µs' },
          { name: 'memory', value: (sorted - before) / large, unit: 'bytes per connection' },
          { name: 'memory without sorted sets', value: (sets - before) / large, unit: 'bytes per connection' },
          { name: 'adopting what an earlier version kept', value: (adoptMs * 1000) / large, unit: 'µs per connection' },
        ],
      };
    } finally {
      await world.stop();
    }
  },
};

async function many(run: () => Promise<unknown>) {
  return sampleOf(async () => {
    for (let count = 0; count < TIMES; count += 1) await run();
  });
}

/** Of what Redis sends, in the large cluster over the one of a tenth. */
async function growth(world: World, run: (world: World, cluster: string) => Promise<unknown>): Promise<number> {
  const sentIn = async (cluster: string) => {
    const before = await world.sent();
    await run(world, cluster);
    return (await world.sent()) - before;
  };
  const large = await sentIn(LARGE);
  return large / (await sentIn(TENTH));
}

function seenAgain(sightings: readonly Sighting[]): readonly Sighting[] {
  const atMs = systemClock.now().getTime();
  return sightings.map((sighting) => ({ ...sighting, atMs }));
}

async function plainPage({ redis }: World): Promise<void> {
  const ids = await redis.zrevrange(keys.connectionsByTime(`${LARGE}:new`), 0, PAGE - 1);
  await Promise.all(ids.map((id) => redis.hgetall(keys.connection(`${LARGE}:${id}`))));
}

async function plainRecords({ redis }: World, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map((id) => redis.hgetall(keys.connection(`${LARGE}:${id}`))));
}

async function page({ services }: World, cluster: string): Promise<string> {
  const answer = await command.run({ words: [cluster], options: {}, switches: new Set() }, { userId: 'U1', name: 'Ann', teamId: 'T1', channelId: 'C1', via: 'command' }, services);
  return JSON.stringify(answer);
}

async function ask({ services }: World, cluster: string): Promise<void> {
  await askConnections.run({ cluster }, services, { signal: new AbortController().signal, attempt: 1, last: true });
}

/** Reads all there is and looks at it plainly. Answers what has to be asked about. @throws {BenchFault} */
async function check(world: World, cluster: string, count: number): Promise<readonly string[]> {
  const { connections } = world.services;
  const all = (await Promise.all(CONNECTION_STATES.map((state) => connections.inState(cluster, state)))).flat();
  const counts = await connections.counts(cluster);
  const isCounted = CONNECTION_STATES.every((state) => counts[state] === all.filter((one) => one.state === state).length);
  if (all.length !== count || !isCounted) throw new BenchFault(`${count} connections were recorded, and ${all.length} are found`);
  const fresh = all.filter(({ state }) => state === 'new');
  const latest = fresh.toSorted((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1)).slice(0, PAGE);
  const shown = await page(world, cluster);
  const missing = latest.find(({ key }) => key.remote.kind === 'name' && !shown.includes(key.remote.name));
  if (missing !== undefined || !shown.includes(count.toLocaleString('en-US'))) throw new BenchFault(`/k8ssec connections does not show ${missing?.id ?? 'how many there are'}`);
  world.asked();
  await ask(world, cluster);
  const asked = world.asked();
  const wanted = oldestGroups(fresh).flatMap((group) => group.map(({ id }) => id));
  if (asked.length !== wanted.length || new Set([...asked, ...wanted]).size !== wanted.length) throw new BenchFault(`${wanted.length} connections had to be asked about, and ${asked.length} were`);
  return wanted;
}

function oldestGroups(fresh: readonly Connection[]): readonly (readonly Connection[])[] {
  const groups = Map.groupBy(fresh.toSorted((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1)), ({ key }) => workloadKey(key.workload));
  return [...groups.values()].slice(0, GROUPS);
}
