import { afterEach, describe, expect, test } from '@jest/globals';
import { stamped, withParts, type Composition, type Part } from '#src/actions/composition.ts';
import { bodyFor, compositionOf } from '#src/actions/own-objects.ts';
import { EVERYTHING } from '#src/enforcement/block-form.ts';
import { changeTo, MECHANISMS, ownAddress, type Mechanism } from '#src/enforcement/own-policy.ts';
import { sweepPolicies } from '#src/enforcement/sweep.ts';
import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import type { RequestState } from '#src/model/request.ts';
import { POLICY_FORMS } from '#test/build/changes.ts';
import { CLUSTER, enforcementScene, WORKLOAD, type EnforcementScene, type Plugin } from '#test/build/enforcement.ts';
import { INSTALLATION } from '#test/build/installation.ts';

const signal = new AbortController().signal;
const NOW = new Date('2026-11-25T10:00:00.000Z');
const PAST = '2026-11-25T09:59:59.000Z';
const FUTURE = '2026-11-25T10:00:01.000Z';
const PLACE = { cluster: CLUSTER, workload: WORKLOAD, installation: INSTALLATION };
const PLUGINS: Readonly<Record<Mechanism, Plugin>> = { cilium: 'Cilium', 'cilium-allow': 'Cilium', calico: 'Calico', 'network-policy': 'kindnet' };
const KINDS: Readonly<Record<Mechanism, string>> = { cilium: 'CiliumNetworkPolicy', 'cilium-allow': 'CiliumNetworkPolicy', calico: 'CalicoNetworkPolicy', 'network-policy': 'NetworkPolicy' };
const DENIED = '203.0.113.9/32';
const OTHER = '198.51.100.7/32';

let scene: EnforcementScene | undefined;
let cluster: OpenCluster | undefined;
afterEach(async () => {
  cluster?.close();
  await scene?.stop();
});

/** A policy of the bot with these parts, each request with what it keeps out and until when, and what was opened besides. */
async function policy(mechanism: Mechanism, denials: readonly { readonly request: string; readonly cidr: string; readonly until?: string }[], { installation = INSTALLATION, opened = [] }: { readonly installation?: string; readonly opened?: readonly Part[] } = {}) {
  scene = await enforcementScene(PLUGINS[mechanism], []);
  cluster = await scene.world.clusters.open(CLUSTER, signal);
  const form = POLICY_FORMS.find(({ kind }) => kind === KINDS[mechanism]);
  if (form === undefined) throw new Error('there is no such form');
  const made = denials.reduce((own, { request, cidr, until }) => stamped(withParts(own, form.closing(cidr)), request, until), form.start);
  const address = ownAddress(mechanism, PLACE);
  await cluster.create(address, bodyFor(changeTo({ ...made, parts: [...made.parts, ...opened] }, address, { ...PLACE, installation }, undefined, 'x'), { request: 'r00000' }), {}, signal);
  return { address, cluster, look: async () => cluster?.get(address, signal) };
}

function swept(on: OpenCluster, states: Readonly<Record<string, RequestState>> = {}, enforces = true) {
  return sweepPolicies(on, { cluster: CLUSTER, installation: INSTALLATION, now: NOW, enforces, stateOf: (request) => Promise.resolve(states[request]) }, signal);
}

const opening = (given: Partial<Part>): Part => ({ request: 'r33333', what: '192.0.2.50:443', field: 'egress', opens: [{ to: [{ ipBlock: { cidr: '192.0.2.50/32' } }], ports: [{ protocol: 'TCP', port: 443 }] }], ...given });

describe('src/enforcement/sweep.ts', () => {
  test.each(MECHANISMS)('what had its time goes out of a policy (%s), the rest stays, and a second look finds nothing', async (mechanism) => {
    const { cluster: on, look } = await policy(mechanism, [{ request: 'r11111', cidr: DENIED, until: PAST }, { request: 'r22222', cidr: OTHER, until: FUTURE }]);
    const states = { r11111: 'applied', r22222: 'applied' } as const;

    expect(await swept(on, states)).toMatchObject({ count: 1, ended: [{ policy: expect.stringMatching(/ shop\/k8ssec-/) as unknown, parts: expect.arrayContaining([expect.objectContaining({ request: 'r11111', what: DENIED })]) as unknown }], orphans: [], problems: [] });
    expect(new Set(compositionOf((await look()) ?? {})?.parts.map(({ request }) => request))).toEqual(new Set(['r22222']));
    expect(await swept(on, states)).toEqual({ count: 1, ended: [], orphans: [], problems: [] });
  });

  test.each(MECHANISMS)('a policy of which nothing is left is deleted (%s), although nobody knows the request', async (mechanism) => {
    const { cluster: on, look } = await policy(mechanism, [{ request: 'r11111', cidr: DENIED, until: PAST }]);

    expect(await swept(on)).toMatchObject({ ended: [{}], orphans: [], problems: [] });
    expect(await look()).toBeUndefined();
  });

  test('an opening ends and what it was opened in goes on, which nobody knows any more and is named', async () => {
    const { cluster: on, look } = await policy('network-policy', [{ request: 'r11111', cidr: DENIED }], { opened: [opening({ until: PAST }), opening({ request: 'r44444', what: 'lasting', until: FUTURE })] });

    expect(await swept(on, { r44444: 'applied' })).toMatchObject({ ended: [{ parts: [{ request: 'r33333' }] }], orphans: [expect.stringMatching(/^NetworkPolicy shop\/k8ssec-\w+ \(r11111\)$/)] });
    expect(compositionOf((await look()) ?? {})?.parts.map(({ request }) => request)).toEqual(['r11111', 'r11111', 'r44444']);
  });

  test('what is there for a request that was taken back goes, and what the allowlist opened is no orphan', async () => {
    const { cluster: on, look } = await policy('network-policy', [{ request: 'r11111', cidr: DENIED }], { opened: [opening({ request: 'r44444', until: FUTURE }), opening({ request: 'allowlist', until: FUTURE })] });

    expect(await swept(on, { r11111: 'applied', r44444: 'reverted' })).toMatchObject({ ended: [{ parts: [{ request: 'r44444' }] }], orphans: [] });
    expect(compositionOf((await look()) ?? {})?.parts.map(({ request }) => request)).toEqual(['r11111', 'r11111', 'allowlist']);
  });

  test('what denies under Cilium and what isolates beside it are each looked at once', async () => {
    const { cluster: on } = await policy('cilium', [{ request: 'r11111', cidr: DENIED, until: FUTURE }]);
    const address = ownAddress('cilium-allow', PLACE);
    const made: Composition = { constants: { endpointSelector: {} }, ground: { egress: [{ toEntities: ['cluster'] }] }, parts: [{ request: 'r22222', until: PAST, what: EVERYTHING, field: 'egress', remove: [] }] };
    await on.create(address, bodyFor(changeTo(made, address, PLACE, undefined, 'x'), { request: 'r22222' }), {}, signal);

    expect(await swept(on, { r11111: 'applied', r22222: 'applied' })).toMatchObject({ count: 2, ended: [{ policy: `CiliumNetworkPolicy shop/${address.name}`, parts: [{ request: 'r22222' }] }], orphans: [], problems: [] });
    expect(await on.get(address, signal)).toBeUndefined();
    expect(await on.get(ownAddress('cilium', PLACE), signal)).toBeDefined();
  });

  test('policies of another bot are left alone and not counted', async () => {
    const { cluster: on, look } = await policy('cilium', [{ request: 'r11111', cidr: DENIED, until: PAST }], { installation: 'staging' });

    expect(await swept(on)).toEqual({ count: 0, ended: [], orphans: [], problems: [] });
    expect(await look()).toBeDefined();
  });

  test('what somebody has changed by hand is not touched, and it is said what goes on', async () => {
    const { address, cluster: on, look } = await policy('cilium', [{ request: 'r11111', cidr: DENIED, until: PAST }]);
    await on.patch(address, [{ op: 'add', path: '/spec/ingress', value: [{}] }], {}, signal);

    expect(await swept(on)).toMatchObject({ ended: [], problems: [expect.stringMatching(/^what had its time in CiliumNetworkPolicy shop\/k8ssec-\w+ goes on: .* was changed by somebody else, and nothing is written over that: put it back, or delete it, and try again$/)] });
    expect(await look()).toMatchObject({ spec: { ingress: [{}] } });
  });

  test('a note of parts that cannot be read is told of', async () => {
    const { address, cluster: on } = await policy('cilium', [{ request: 'r11111', cidr: DENIED, until: PAST }]);
    await on.patch(address, [{ op: 'add', path: '/metadata/annotations/k8ssec.io~1parts', value: '{}' }], {}, signal);

    expect(await swept(on)).toMatchObject({ count: 1, ended: [], problems: [expect.stringContaining('does not say what it is made of') as unknown] });
  });

  test.each([
    [true, ['networkpolicies of networking.k8s.io/v1 could not be looked at: no']],
    [false, []],
  ])('what the bot may not look at is told of where it makes policies (%s)', async (enforces, problems) => {
    const { cluster: on } = await policy('network-policy', []);
    const blind: OpenCluster = { ...on, labelled: (kind, ...rest) => (kind.apiVersion === 'networking.k8s.io/v1' ? Promise.reject(new ChangeFailed('forbidden', 'no')) : on.labelled(kind, ...rest)) };

    expect(await swept(blind, {}, enforces)).toEqual({ count: 0, ended: [], orphans: [], problems });
  });
});
