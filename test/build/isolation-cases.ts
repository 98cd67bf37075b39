import { expect } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { standingOf } from '#src/actions/own-objects.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { networkPlugins } from '#src/facts/network-plugins.ts';
import { allowPlan } from '#src/enforcement/allow.ts';
import type { ClusterNetwork } from '#src/enforcement/cluster-network.ts';
import { isolatePlan } from '#src/enforcement/isolate.ts';
import { ownAddress, type Mechanism } from '#src/enforcement/own-policy.ts';
import { simulate } from '#src/enforcement/simulate.ts';
import type { Target } from '#src/enforcement/target.ts';
import type { RawObject } from '#src/model/raw.ts';
import { namespaceLabels } from '#src/network/rules.ts';
import type { ChangeCase } from './change-cases.ts';
import { TAKEN_BACK, type ChangeScene } from './changes.ts';
import { aConnection, connectionSettings } from './connections.ts';
import { INSTALLATION } from './installation.ts';

const signal = new AbortController().signal;
const CLUSTER = 'prod';
const SETTINGS = connectionSettings({ cluster: CLUSTER, mode: 'enforce', corporateRanges: ['10.20.0.0/16'] });
/** What each mechanism is chosen by, and the kind that has to be served for it. */
const FORMS = [
  { mechanism: 'network-policy', of: 'network-policy', serves: undefined },
  { mechanism: 'cilium-allow', of: 'cilium', serves: 'CiliumNetworkPolicy' },
  { mechanism: 'calico', of: 'calico', serves: 'CalicoNetworkPolicy' },
] as const;

function targetIn({ namespace }: ChangeScene): Target {
  const workload = { namespace, kind: 'Deployment', name: 'web' };
  return { cluster: CLUSTER, workload, installation: INSTALLATION, selector: { matchLabels: { app: 'web' } }, count: 2, others: [], pods: { ref: workload, namespace, labels: new Map([['app', 'web']]), hostNetwork: false, ports: [], replicas: 2 } };
}

function networkWith(mechanism: Mechanism, own: RawObject | undefined): ClusterNetwork {
  const dns = { namespace: 'kube-system', name: 'kube-dns', selector: { 'k8s-app': 'kube-dns' }, ports: [{ protocol: 'UDP', port: 'dns' }, { protocol: 'TCP', port: 53 }], addresses: ['10.96.0.10'] };
  return { plugins: networkPlugins.start(), dns, localDns: ['169.254.20.10'], apiServer: [{ address: '192.0.2.2', port: 6443 }, { address: '2001:db8::2', port: 6443 }], nodes: ['192.0.2.2', '2001:db8::2'], labelsOf: namespaceLabels(new Map()), policies: [], adminPolicies: [], calico: [], own: new Map([[mechanism, own]]) };
}

/** Every field that a server would fill in is written, else the policy would count as changed by somebody. */
export const ISOLATION_CASES: readonly ChangeCase[] = FORMS.map(({ mechanism, of, serves }) => ({
  name: `isolates a workload (${mechanism}), lets one more through, and takes both back beneath each other`,
  async run(scene) {
    if (serves !== undefined) await scene.serve(serves);
    const target = targetIn(scene);
    const key = { cluster: CLUSTER, workload: target.workload };
    const name = aConnection({ id: 'name', state: 'approved', addresses: ['198.51.100.7', '2001:db8::7'], key });
    const denied = aConnection({ id: 'denied', state: 'denied', key: { ...key, remote: { kind: 'address', address: '203.0.113.9' } } });
    const fresh = aConnection({ id: 'fresh', state: 'pending', key: { ...key, remote: { kind: 'address', address: '2001:db8::50' }, protocol: 'udp' } });
    const entry = (remote: string) => ({ id: 'r1', direction: 'egress', remote, owner: 'Ann', reason: 'x' }) as const;
    const places = [{ entry: entry('203.0.113.8/30'), ranges: ['203.0.113.8/30'], names: [] }, { entry: { ...entry('*.mail.example'), port: 443 }, ranges: [], names: ['*.mail.example'] }];
    const plan = isolatePlan({ target, network: networkWith(mechanism, undefined), capability: { mechanism: of, plugin: 'x' }, settings: SETTINGS, closedBy: [], dnsProxy: 'on', known: [name, denied], places, now: new Date('2026-11-24T12:00:00.000Z') });
    const address = ownAddress(mechanism, target);
    const look = async (): Promise<RawObject> => ({ ...(await scene.see(address)), apiVersion: address.apiVersion, kind: address.kind });
    const passing = (body: RawObject) => [name, denied, fresh].filter((one) => simulate(body, [one], target, SETTINGS).dropped.length === 0).map(({ id }) => id);

    const isolated = await makeChange(plan.change, scene.cluster, { request: 'r11111' }, signal);
    const before = await look();
    expect([isolated.state, 'made' in standingOf(before, INSTALLATION), passing(before)]).toEqual(['done', true, ['name']]);

    const { open } = allowPlan({ place: target, settings: SETTINGS, found: [fresh], denied: [denied], own: new Map([[mechanism, before]]) });
    if (open === undefined) throw new Error('nothing would be opened');
    const opened = await makeChange(open.change, scene.cluster, { request: 'r22222' }, signal);
    expect(passing(await look())).toEqual(['name', 'fresh']);
    expect(await takeBack(open.change, opened, scene.cluster, 'r22222', signal)).toEqual(TAKEN_BACK);
    expect((await look()).spec).toEqual(before.spec);
    await makeChange({ ...open.change, before: await look() } as typeof open.change, scene.cluster, { request: 'r33333' }, signal);
    expect(await takeBack(plan.change, isolated, scene.cluster, 'r11111', signal)).toEqual(TAKEN_BACK);
    expect(await scene.see(address)).toBeUndefined();
  },
}));
