import { afterEach, describe, expect, test } from '@jest/globals';
import { sweepRanges } from '#src/enforcement/sweep-ranges.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import { at, textAt } from '#src/model/raw.ts';
import type { RequestState } from '#src/model/request.ts';
import { NotListed } from '#src/model/source.ts';
import { CLUSTER, enforcementScene, type EnforcementScene } from '#test/build/enforcement.ts';
import { INSTALLATION } from '#test/build/installation.ts';

const signal = new AbortController().signal;
const NOW = new Date('2026-11-25T10:00:00.000Z');
const PAST = '2026-11-25T10:00:00.000Z';
const FUTURE = '2026-11-25T10:00:01.000Z';
const [OFFICE, HOST, OTHER] = ['198.51.100.0/24', '203.0.113.9/32', '192.0.2.0/24'];

interface Noted {
  readonly request?: string;
  readonly until?: string;
  readonly put?: readonly string[];
  readonly installation?: string;
}

let scene: EnforcementScene | undefined;
let cluster: OpenCluster | undefined;
afterEach(async () => {
  cluster?.close();
  await scene?.stop();
});

/** A Service with these ranges and this note of what ends of them; a text is written as it is. */
async function service(ranges: readonly string[], note: readonly Noted[] | string | undefined) {
  const noted = typeof note === 'string' ? note : note && JSON.stringify(note.map((one) => ({ installation: INSTALLATION, request: 'r11111', until: PAST, put: [HOST], ...one })));
  const annotations = { 'example.com/odd': 'x', ...(noted !== undefined && { 'k8ssec.io/source-ranges': noted }) };
  scene = await enforcementScene('flannel', [], {}, [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', annotations }, spec: { type: 'LoadBalancer', selector: { app: 'checkout' }, ports: [{ port: 443 }], loadBalancerSourceRanges: ranges } }]);
  cluster = await scene.world.clusters.open(CLUSTER, signal);
  const open = cluster;
  const look = async () => {
    const object = await open.get({ cluster: CLUSTER, apiVersion: 'v1', kind: 'Service', resource: 'services', namespace: 'shop', name: 'web' }, signal);
    return { ranges: at(object, 'spec', 'loadBalancerSourceRanges'), note: textAt(object, 'metadata', 'annotations', 'k8ssec.io/source-ranges') };
  };
  return { open, look };
}

function swept(on: OpenCluster, states: Readonly<Record<string, RequestState>> = {}, namespaces: readonly string[] = ['shop']) {
  return sweepRanges(on, { cluster: CLUSTER, installation: INSTALLATION, now: NOW, stateOf: (request) => Promise.resolve(states[request]), mayChange: (namespace) => namespaces.includes(namespace) }, signal);
}

describe('src/enforcement/sweep-ranges.ts', () => {
  test.each<[string, readonly string[], readonly Noted[], Readonly<Record<string, RequestState>>, readonly string[], { readonly ended: readonly string[]; readonly count: number }]>([
    ['what had its time goes, although nobody knows the request', [OFFICE, HOST], [{}], {}, [OFFICE], { ended: ['r11111'], count: 0 }],
    ['what has time left stays', [OFFICE, HOST], [{ until: FUTURE }], {}, [OFFICE, HOST], { ended: [], count: 1 }],
    ['what is there for a request that was taken back goes', [OFFICE, HOST], [{ until: FUTURE }], { r11111: 'reverted' }, [OFFICE], { ended: ['r11111'], count: 0 }],
    ['only what had its time goes', [OFFICE, HOST, OTHER], [{}, { request: 'r22222', until: FUTURE, put: [OTHER] }], {}, [OFFICE, OTHER], { ended: ['r11111'], count: 1 }],
    ['what others have added stays', [OTHER, HOST, OFFICE], [{}], {}, [OTHER, OFFICE], { ended: ['r11111'], count: 0 }],
    ['what somebody has taken out is only forgotten', [OFFICE], [{}], {}, [OFFICE], { ended: ['r11111'], count: 0 }],
    ['what another bot has put there is its own business', [OFFICE, HOST], [{ installation: 'staging' }], {}, [OFFICE, HOST], { ended: [], count: 0 }],
  ])('%s', async (_, ranges, note, states, left, { ended, count }) => {
    const { open, look } = await service(ranges, note);

    const first = await swept(open, states);

    expect({ ...first, ended: first.ended.flatMap(({ service: name, endings }) => endings.map(({ request }) => [name, request])) }).toEqual({ count, ended: ended.map((request) => ['Service shop/web', request]), problems: [] });
    expect((await look()).ranges).toEqual(left);
    expect(await swept(open, states)).toEqual({ count, ended: [], problems: [] });
  });

  test('a list is never emptied: it is said what goes on, every time', async () => {
    const { open, look } = await service([HOST], [{}]);
    const problem = `source ranges of Service shop/web that had their time go on: nothing would be left in spec.loadBalancerSourceRanges of Service shop/web without ${HOST}, and people have to say what stays`;

    expect([await swept(open), await swept(open)]).toEqual([{ count: 1, ended: [], problems: [problem] }, { count: 1, ended: [], problems: [problem] }]);
    expect((await look()).ranges).toEqual([HOST]);
  });

  test.each(['no JSON', '{}', '[{"request":"r11111","put":["203.0.113.9/32"]}]', '[{"installation":"x","request":"r1","until":"soon","put":["203.0.113.9/32"]}]'])('a note that cannot be read is told of, and nothing is guessed: %s', async (note) => {
    const { open, look } = await service([OFFICE, HOST], note);

    expect(await swept(open)).toEqual({ count: 0, ended: [], problems: [expect.stringContaining('the annotation k8ssec.io/source-ranges of Service shop/web cannot be read')] });
    expect(await look()).toEqual({ ranges: [OFFICE, HOST], note });
  });

  test('a Service without a note, or where the configuration names no source ranges, is left alone', async () => {
    const { open, look } = await service([OFFICE, HOST], [{}]);
    expect(await swept(open, {}, ['pay'])).toEqual({ count: 0, ended: [], problems: [] });
    expect((await look()).ranges).toEqual([OFFICE, HOST]);
    await scene?.stop();

    const bare = await service([OFFICE, HOST], undefined);
    expect(await swept(bare.open)).toEqual({ count: 0, ended: [], problems: [] });
  });

  test('Services that nobody may look at are told of', async () => {
    const { open } = await service([OFFICE], undefined);
    const blind: OpenCluster = { ...open, list: () => { throw new NotListed('no'); } };

    expect(await swept(blind)).toEqual({ count: 0, ended: [], problems: ['Could not look at services: no.'] });
  });
});
