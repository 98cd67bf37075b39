import { afterEach, describe, expect, test } from '@jest/globals';
import { makeChange } from '#src/actions/make-change.ts';
import { planHash } from '#src/actions/plan-hash.ts';
import { takeBack } from '#src/actions/take-back.ts';
import { kind as blocking } from '#src/approvals/kinds/block-connection.ts';
import { kind as approving } from '#src/approvals/kinds/first-connection.ts';
import type { AllowEntry, Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { Plan } from '#src/model/plan.ts';
import { at, textsAt, type RawObject } from '#src/model/raw.ts';
import type { Proposal } from '#src/model/request.ts';
import { CLUSTER, enforcementScene, seen, WORKLOAD, type EnforcementScene, type Plugin } from '#test/build/enforcement.ts';

const signal = new AbortController().signal;
const OFFICE = '198.51.100.0/24';
const GROUPS = new Map([['office', [OFFICE]], ['partner', ['203.0.113.0/30']]]);

function inbound(id: string, remote: string, given: Parameters<typeof seen>[1] = {}): Connection {
  const isAddress = /^[\d.:a-f]+$/.test(remote) && /[.:]/.test(remote);
  return seen(id, { ...given, key: { direction: 'ingress', port: 8443, remote: isAddress ? { kind: 'address', address: remote } : { kind: 'group', name: remote }, ...given.key } });
}

const DENIED = inbound('denied', '10.9.0.7', { state: 'denied', count: 5, isPrivate: true });
const FROM_OFFICE = inbound('office', 'office', { state: 'approved', count: 95 });
const KNOWN = [DENIED, FROM_OFFICE];
const NOTED = 'Approved for a time, Service shop/web also gets an annotation that says when this ends.';

interface Given {
  readonly name?: string;
  readonly spec?: RawObject;
  readonly metadata?: RawObject;
  readonly status?: RawObject;
}

/** A Service of somebody else before the workload of these tests. */
function service({ name = 'web', spec = {}, metadata = {}, status }: Given = {}): RawObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop', ...metadata }, spec: { type: 'LoadBalancer', selector: { app: 'checkout' }, ipFamilies: ['IPv4'], ports: [{ name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' }], ...spec }, ...(status && { status }) };
}

let scene: EnforcementScene | undefined;
afterEach(async () => {
  await scene?.stop();
  scene = undefined;
});

interface Setting {
  readonly plugin?: Plugin;
  readonly connections?: readonly Connection[];
  readonly settings?: Partial<ConnectionSettings>;
  readonly more?: readonly RawObject[];
}

async function begin({ plugin = 'flannel', connections = KNOWN, settings = {}, more = [service()] }: Setting): Promise<EnforcementScene> {
  scene = await enforcementScene(plugin, connections, { sourceRanges: ['shop'], groups: GROUPS, ...settings }, more);
  return scene;
}

async function blocked(setting: Setting = {}, ids: readonly string[] = ['denied']): Promise<Proposal> {
  const { watched } = await begin(setting);
  return blocking.propose({ cluster: CLUSTER, connections: ids, reason: 'denied by Bo: not ours' }, watched, signal);
}

async function approved(setting: Setting, ids: readonly string[] = ['fresh']): Promise<Proposal> {
  const { watched } = await begin(setting);
  return approving.propose({ cluster: CLUSTER, connections: ids }, watched, signal);
}

function valuesOf({ changes }: Plan): readonly unknown[] {
  return changes.map((change) => (change.type === 'set-texts' ? [change.address.name, change.value] : change.type));
}

async function inCluster<T>(work: (cluster: Awaited<ReturnType<EnforcementScene['world']['clusters']['open']>>) => Promise<T>): Promise<T> {
  if (scene === undefined) throw new Error('there is no cluster');
  const cluster = await scene.world.clusters.open(CLUSTER, signal);
  try {
    return await work(cluster);
  } finally {
    cluster.close();
  }
}

function rangesOf(name = 'web'): Promise<readonly string[] | undefined> {
  return inCluster(async (cluster) => {
    const object = await cluster.get({ cluster: CLUSTER, apiVersion: 'v1', kind: 'Service', resource: 'services', namespace: 'shop', name }, signal);
    return at(object, 'spec', 'loadBalancerSourceRanges') === undefined ? undefined : textsAt(object, 'spec', 'loadBalancerSourceRanges');
  });
}

describe('src/approvals/source-ranges.ts', () => {
  test('limits an open Service to what is approved, says whose it is and what comes back, and asks one person more', async () => {
    const { plan, card, sensitive, namespaces } = await blocked();

    expect(valuesOf(plan)).toEqual([['web', [OFFICE]]]);
    expect(plan.changes).toMatchObject([{ text: 'Service shop/web, which belongs to you: lets in only 198.51.100.0/24', path: ['spec', 'loadBalancerSourceRanges'], previous: undefined }]);
    expect({ sensitive, namespaces, traffic: plan.traffic, of: plan.trafficOf }).toEqual({ sensitive: true, namespaces: ['shop'], traffic: 'gone', of: ['denied'] });
    expect(card.ask).toBe('Block 10.9.0.7 → shop/checkout:8443 in prod: changes the source ranges of Service shop/web, which belongs to you');
    expect(Object.fromEntries(card.facts)).toEqual({
      Workload: 'shop/checkout (Deployment), 2 pods, no restart',
      How: 'source ranges, because no policy of the network can do it',
      'Lets in now': 'everybody',
      'Would let in': 'only 198.51.100.0/24',
      Simulated: 'would have let through 95 of 100 connections from what was seen in the last day',
      'Also cut': 'nothing else that was seen; whatever is not named above',
      Undo: 'puts back exactly what stood there: no source ranges',
      Why: 'denied by Bo: not ours',
    });
    expect(plan.stays[0]).toBe('The load balancer may take minutes to follow, or not act on source ranges at all: only connections that are seen later show whether it works.');
  });

  test('is made and taken back in the cluster, and is the same plan when it is made anew', async () => {
    const { plan } = await blocked();
    const [change] = plan.changes;
    if (change === undefined || scene === undefined) throw new Error('nothing would be changed');
    const again = await blocking.propose({ cluster: CLUSTER, connections: ['denied'], reason: 'denied by Bo: not ours' }, scene.watched, signal);
    expect(planHash(again.plan)).toBe(planHash(plan));
    expect(await rangesOf()).toBeUndefined();

    const made = await inCluster((cluster) => makeChange(change, cluster, { request: 'r11111' }, signal));
    expect([made, await rangesOf()]).toEqual([{ state: 'done' }, [OFFICE]]);

    expect(await inCluster((cluster) => takeBack(change, made, cluster, 'r11111', signal))).toEqual({ state: 'taken-back' });
    expect(await rangesOf()).toBeUndefined();
  });

  test.each<[string, Setting, readonly string[], readonly string[]]>([
    ['ranges that stand there stay, but for what is denied', { more: [service({ spec: { loadBalancerSourceRanges: [' 10.9.0.7/32 ', '172.16.5.1/12'] } })] }, ['denied'], ['172.16.5.1/12']],
    ['what the allowlist lets in is kept', { settings: { allow: [{ id: 'config-1', cluster: CLUSTER, direction: 'ingress', remote: '192.0.2.0/24', port: 8443, owner: 'dana', reason: 'x' }] } }, ['denied'], ['192.0.2.0/24', OFFICE]],
    ['what it lets in for labels that the pods bear is kept, and what it does for others is not', { settings: { allow: [{ id: 'a', direction: 'ingress', remote: '192.0.2.0/25', labels: { app: 'checkout' }, owner: 'd', reason: 'x' }, { id: 'b', direction: 'ingress', remote: '192.0.2.128/25', labels: { app: 'cart' }, owner: 'd', reason: 'x' }] } }, ['denied'], ['192.0.2.0/25', OFFICE]],
    ['what it lets into another port or workload, out, or let in until yesterday is not', { settings: { allow: [{ id: 'a', direction: 'ingress', remote: '192.0.2.0/24', port: 9999, owner: 'd', reason: 'x' }, { id: 'b', direction: 'ingress', remote: '192.0.2.0/24', workload: 'other', owner: 'd', reason: 'x' }, { id: 'c', direction: 'egress', remote: '192.0.2.0/24', owner: 'd', reason: 'x' }, { id: 'd', direction: 'ingress', remote: '192.0.2.0/24', owner: 'd', reason: 'x', until: '2020-01-01T00:00:00.000Z' }] } }, ['denied'], [OFFICE]],
    ['networks of the organisation are kept', { settings: { corporateRanges: ['10.200.0.0/16'] } }, ['denied'], ['10.200.0.0/16', OFFICE]],
    ['so is what is learned, new or asked about, and what was denied before is not', { connections: [...KNOWN, inbound('a', '10.1.0.1', { state: 'learned' }), inbound('b', '10.1.0.3', { state: 'new' }), inbound('c', '10.1.0.5', { state: 'pending' }), inbound('d', '10.1.0.7', { state: 'denied' }), inbound('e', '10.1.0.9', { state: 'pending', outcome: 'dropped' })] }, ['denied'], ['10.1.0.1/32', '10.1.0.3/32', '10.1.0.5/32', OFFICE]],
    ['the Internet is denied, and named sources stay', { connections: [inbound('net', 'internet', { state: 'denied' }), FROM_OFFICE] }, ['net'], [OFFICE]],
    ['whoever comes by the addresses of nodes is denied, and named sources stay', { connections: [inbound('net', 'translated', { state: 'denied' }), FROM_OFFICE] }, ['net'], [OFFICE]],
    ['where nobody else is known, the allowlist says who stays', { connections: [DENIED], settings: { corporateRanges: ['10.200.0.0/16'] } }, ['denied'], ['10.200.0.0/16']],
    ['0.0.0.0/0 is no list', { more: [service({ spec: { loadBalancerSourceRanges: ['0.0.0.0/0'] } })] }, ['denied'], [OFFICE]],
    ['a Service of both families', { connections: [...KNOWN, inbound('six', '2001:db8::7', { state: 'approved' })], more: [service({ spec: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' } })] }, ['denied'], [OFFICE, '2001:db8::7/128']],
    ['a Service of one family', { connections: [...KNOWN, inbound('six', '2001:db8::7', { state: 'approved' })] }, ['denied'], [OFFICE]],
  ])('%s', async (_, setting, ids, becomes) => {
    expect(valuesOf((await blocked(setting, ids)).plan)).toEqual([['web', becomes]]);
  });

  test('where the labels of pods cannot be read, and the allowlist lets somebody in by them, nobody is kept out', async () => {
    const entry: AllowEntry = { id: 'a', direction: 'ingress', remote: '192.0.2.0/25', labels: { app: 'checkout' }, owner: 'd', reason: 'x' };
    const { watched } = await begin({});
    const propose = (given: Partial<AllowEntry>) => {
      const settings = watched.connections.settings(CLUSTER);
      if (settings === undefined) throw new Error('nothing is watched');
      const connections = { ...watched.connections, podLabels: () => Promise.resolve(undefined), settings: () => ({ ...settings, allow: [{ ...entry, ...given }] }) };
      return blocking.propose({ cluster: CLUSTER, connections: ['denied'], reason: 'x' }, { ...watched, connections }, signal);
    };

    await expect(propose({})).rejects.toThrow('The labels of Deployment shop/checkout could not be read, so that nobody knows whether the allowlist lets 192.0.2.0/25 in there. Try again when they can be.');
    expect(valuesOf((await propose({ namespace: 'other' })).plan)).toEqual([['web', [OFFICE]]]);
  });

  test.each<[string, Plugin, RawObject, 'set-texts' | 'create']>([
    ['through the nodes, where clients lose their addresses', 'Cilium', {}, 'set-texts'],
    ['to nodes with a pod alone, where clients keep them', 'Cilium', { spec: { externalTrafficPolicy: 'Local' } }, 'create'],
    ['by a proxy, whatever the nodes do', 'Cilium', { spec: { externalTrafficPolicy: 'Local' }, status: { loadBalancer: { ingress: [{ ip: '203.0.113.80', ipMode: 'Proxy' }] } } }, 'set-texts'],
    ['to the pods themselves with the addresses of clients', 'Cilium', { metadata: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip', 'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': 'a=b, preserve_client_ip.enabled=true' } } }, 'create'],
    ['where no policy is enforced', 'flannel', { spec: { externalTrafficPolicy: 'Local' } }, 'set-texts'],
  ])('takes source ranges only where a policy cannot do it: %s', async (_, plugin, given, type) => {
    expect((await blocked({ plugin, more: [service(given)] })).plan.changes.map((change) => change.type)).toEqual([type]);
  });

  test('is not done where the configuration does not say so, and is shown where nothing is done', async () => {
    await expect(blocked({ settings: { sourceRanges: ['web'] } })).rejects.toThrow('The network plugin of the cluster, flannel, does not enforce policies: denying is recorded only.');
    await scene?.stop();

    const patch = `kubectl -n shop patch services web --type=merge -p '{"spec":{"loadBalancerSourceRanges":["198.51.100.0/24"]}}'`;
    await expect(blocked({ settings: { mode: 'propose', sourceRanges: ['*'] } })).rejects.toMatchObject({ message: 'Services of prod shop are in mode propose, so nothing is changed. This would keep it out:', patch });
  });

  test.each<[string, Setting, string]>([
    ['there is no load balancer', { more: [] }, 'flannel, does not enforce policies: denying is recorded only. And no Service of type LoadBalancer leads to shop/checkout:8443.'],
    ['it is reached by a port of the nodes', { more: [service({ spec: { type: 'NodePort', ports: [{ port: 443, targetPort: 8443, nodePort: 30443, protocol: 'TCP' }] } })] }, 'shop/checkout:8443 is reached by ports of the nodes alone, for which source ranges do not hold. Close these in the firewall of the nodes: port 30443 (Service shop/web).'],
    ['the load balancer leads to another port', { more: [service({ spec: { ports: [{ port: 8443, targetPort: 8080, protocol: 'TCP' }] } })] }, 'And no Service of type LoadBalancer leads to shop/checkout:8443.'],
    ['it leads to another workload', { more: [service({ spec: { selector: { app: 'ingress-nginx' } } })] }, 'And no Service of type LoadBalancer leads to shop/checkout:8443.'],
    ['one of the same name stands in another namespace', { more: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } }, service({ metadata: { namespace: 'web' } })] }, 'And no Service of type LoadBalancer leads to shop/checkout:8443.'],
    ['nobody would be left', { connections: [DENIED] }, 'Nobody would be left in the source ranges of Service shop/web, and an empty list lets in everybody.'],
    ['a range that stands there would be cut into too many', { more: [service({ spec: { loadBalancerSourceRanges: [' 10.0.0.0/8 '] } })] }, '10.9.0.7/32 is in 10.0.0.0/8, which Service shop/web lets in as a whole. To leave it out would take 24 ranges in place of that one'],
    ['it is not let in as it is', { more: [service({ spec: { loadBalancerSourceRanges: [OFFICE] } })] }, 'Service shop/web does not let it in as it is: its source ranges are 198.51.100.0/24.'],
    ['the Internet is approved, which cannot be named', { connections: [...KNOWN, inbound('net', 'internet', { state: 'approved' })] }, 'internet to port 8443 of shop/checkout is approved, and source ranges cannot name it: Service shop/web would keep it out. Undo that approval first.'],
    ['the Internet is not decided about', { connections: [...KNOWN, inbound('net', 'internet', { state: 'pending' })] }, 'internet to port 8443 of shop/checkout is not decided about, and source ranges cannot name it: Service shop/web would keep it out. Decide about it first.'],
    ['the ranges stand in an annotation', { more: [service({ metadata: { annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8' } } })] }, 'Service shop/web has its source ranges in an annotation, which spec.loadBalancerSourceRanges would overrule. Change them there: 10.0.0.0/8.'],
    ['the provider does not filter', { more: [service(), { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' }, spec: { providerID: 'hcloud://4711' } }] }, 'Load balancers of Hetzner Cloud do not filter by source address, so source ranges of a Service would keep nobody out.'],
    ['the load balancer is internal, and the Internet is denied', { connections: [inbound('denied', 'internet', { state: 'denied' }), FROM_OFFICE], more: [service({ metadata: { annotations: { 'networking.gke.io/load-balancer-type': 'Internal' } } })] }, 'Service shop/web is internal (an annotation says so (Google)), so that nobody of the Internet comes in by it.'],
  ])('refuses when %s', async (_, setting, message) => {
    await expect(blocked(setting)).rejects.toThrow(message);
  });

  const NEXT_STEP = 'The bot may not change Service shop/web: that takes the ClusterRole k8ssec-enforce-services, bound in shop.';

  test.each<[string, 'get' | 'patch', string, string]>([
    ['may not read it', 'get', 'services "web" is forbidden: User "k8ssec" cannot get resource "services"', NEXT_STEP],
    ['may not patch it', 'patch', 'services "web" is forbidden: User "k8ssec" cannot patch resource "services"', NEXT_STEP],
    ['is not let by somebody\'s policy', 'patch', 'admission webhook "guard" denied the request: no', 'The API server would not take the source ranges of Service shop/web: admission webhook "guard" denied the request: no'],
  ])('refuses before anybody is asked when the bot %s, and says so beside an approval', async (_, verb, message, said) => {
    const closed = service({ spec: { loadBalancerSourceRanges: [OFFICE, '10.9.0.7/32'] } });
    const { kube, watched } = await begin({ connections: [...KNOWN, inbound('fresh', '10.9.0.8', { state: 'pending' })], more: [closed] });
    const answer = { kind: 'answer', code: 403, body: JSON.stringify({ kind: 'Status', status: 'Failure', message, reason: 'Forbidden', details: { name: 'web', kind: 'services' }, code: 403 }), contentType: 'application/json' } as const;
    for (let times = 0; times < 2; times += 1) kube.faults.add({ verb, resource: 'services' }, answer);

    await expect(blocking.propose({ cluster: CLUSTER, connections: ['denied'], reason: 'x' }, watched, signal)).rejects.toThrow(said);
    const { plan } = await approving.propose({ cluster: CLUSTER, connections: ['fresh'] }, watched, signal);
    expect([plan.changes, plan.stays]).toEqual([[], [said]]);
  });

  test('writes nothing while it proposes', async () => {
    const { kube, watched } = await begin({});
    kube.requests.clear();
    await blocking.propose({ cluster: CLUSTER, connections: ['denied'], reason: 'x' }, watched, signal);

    expect(kube.requests.all(({ verb, query }) => ['create', 'update', 'patch', 'delete'].includes(verb) && !query.includes('dryRun=All'))).toEqual([]);
  });

  test('counts what comes by the same Service to another port and another workload, and cuts no other workload unsaid', async () => {
    const canary = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'canary', namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'checkout', track: 'canary' } }, template: { metadata: { labels: { app: 'checkout', track: 'canary' } }, spec: { containers: [{ name: 'main', image: 'x', ports: [{ name: 'tls', containerPort: 9443, protocol: 'TCP' }] }] } } } };
    const two = service({ spec: { ports: [{ name: 'a', port: 443, targetPort: 8443, protocol: 'TCP' }, { name: 'b', port: 444, targetPort: 'tls', protocol: 'TCP' }] } });
    const other = inbound('other', '10.5.0.1', { state: 'approved', key: { workload: { ...WORKLOAD, name: 'canary' }, port: 9443 } });
    const same = inbound('same', '10.9.0.7', { state: 'approved', count: 7, isPrivate: true, key: { workload: { ...WORKLOAD, name: 'canary' } } });

    expect(valuesOf((await blocked({ connections: [...KNOWN, other], more: [canary, two] })).plan)).toEqual([['web', ['10.5.0.1/32', OFFICE]]]);
    await scene?.stop();
    const { card, sensitive } = await blocked({ connections: [...KNOWN, other, same], more: [canary, service({ ...two, spec: { ports: (two.spec as { ports: RawObject[] }).ports, loadBalancerSourceRanges: ['10.9.0.7/32', '10.5.0.1/32'] } })] });

    expect([Object.fromEntries(card.facts)['Also cut'], sensitive]).toEqual(['10.9.0.7 to port 8443 of shop/canary', true]);
  });

  test('limits each Service that lets it in, and leaves one alone that does not', async () => {
    const more = [service(), service({ name: 'limited', spec: { loadBalancerSourceRanges: [OFFICE] } }), service({ name: 'second' })];

    const { plan, card } = await blocked({ more });

    expect(valuesOf(plan)).toEqual([['second', [OFFICE]], ['web', [OFFICE]]]);
    expect(card.ask).toContain('changes the source ranges of Service shop/second and Service shop/web, which belong to you');
  });

  test.each<[string, RawObject, string]>([
    ['Argo CD', { labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'Argo CD (shop)'],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux (apps)'],
    ['Helm', { annotations: { 'meta.helm.sh/release-name': 'web' } }, 'Helm (web)'],
    ['whoever wrote its fields', { managedFields: [{ manager: 'argocd-controller', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }] }, 'Argo CD'],
  ])('says that %s will put it back, and where the lasting change belongs', async (_, metadata, tool) => {
    expect((await blocked({ more: [service({ metadata })] })).plan.stays[0]).toBe(`Service shop/web is kept by ${tool}, which will probably put it back: the lasting change belongs there.`);
  });

  test('shows every range, also of a list that is too long for one line', async () => {
    const many = Array.from({ length: 20 }, (_, index) => inbound(`m${index}`, `192.0.2.${index * 2}`, { state: 'approved' }));
    const { card } = await blocked({ connections: [DENIED, ...many] });

    expect(Object.fromEntries(card.facts)['Would let in']).toMatch(/^only 192\.0\.2\.0\/32, .* and 10 more$/);
    expect(card.items?.join(' ').match(/192\.0\.2\.\d+\/32/g)).toEqual(many.map((_, index) => `192.0.2.${index * 2}/32`));
    expect(card.items?.every((item) => item.length <= 200)).toBe(true);
  });

  test('says which ports of nodes stay open', async () => {
    const { plan } = await blocked({ more: [service({ spec: { ports: [{ port: 443, targetPort: 8443, nodePort: 30443, protocol: 'TCP' }] } })] });

    expect(plan.stays).toContain('Source ranges do not hold for ports of the nodes: port 30443 (Service shop/web) stays open unless a firewall closes it.');
  });

  test('rests on what the Service leads to', async () => {
    const { plan } = await blocked();

    expect(plan.basis).toEqual(['denied', 'Service shop/web of type LoadBalancer leads to Deployment shop/checkout:8443/tcp']);
  });

  test.each<[string, readonly RawObject[], readonly unknown[], string | undefined]>([
    ['the source is added to ranges that leave it out', [service({ spec: { loadBalancerSourceRanges: [OFFICE] } })], [['web', [OFFICE, '10.9.0.8/32']]], undefined],
    ['an open Service is not limited', [service()], [], undefined],
    ['one that lets in everybody by a range is not limited', [service({ spec: { loadBalancerSourceRanges: ['0.0.0.0/0'] } })], [], undefined],
    ['one that lets it in already stays', [service({ spec: { loadBalancerSourceRanges: ['10.9.9.9/16'] } })], [], undefined],
    ['ranges in an annotation are for their owner', [service({ metadata: { annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': OFFICE } } })], [], 'Service shop/web lets in only 198.51.100.0/24, by an annotation: what is approved has to be added there.'],
    ['without a Service there is nothing to add', [], [], undefined],
  ])('approving: %s', async (_, more, values, stay) => {
    const { plan, card } = await approved({ plugin: 'kindnet', connections: [inbound('fresh', '10.9.0.8', { state: 'pending' })], more });

    expect(valuesOf(plan)).toEqual(values);
    expect(plan.stays).toEqual(stay !== undefined ? [stay] : values.length > 0 ? [NOTED] : []);
    expect([plan.traffic, card.now?.includes('approving changes the source ranges of Service shop/web, which belongs to you')]).toEqual(values.length > 0 ? ['forwarded', true] : [undefined, false]);
  });

  test('approving tells what is let in with it, what stays out, and what lets it in for a time only', async () => {
    const more = [service({ spec: { loadBalancerSourceRanges: ['10.9.0.8/32'] } })];
    const partner = inbound('fresh', 'partner', { state: 'pending' });
    const denied = inbound('denied', '203.0.113.1', { state: 'denied' });
    const temporary = inbound('day', '10.9.0.8', { state: 'approved', decision: { by: 'bo', at: '2026-11-25T00:00:00.000Z', until: '2026-11-26T09:00:00.000Z' }, key: { port: 8443 } });

    expect((await approved({ connections: [partner, denied], more })).plan.stays).toEqual(['203.0.113.1:8443 was denied, has an address in 203.0.113.0/30, and is let in with it by Service shop/web.', NOTED]);
    await scene?.stop();
    expect((await approved({ connections: [inbound('fresh', 'internet', { state: 'pending', outcome: 'dropped' })], more })).plan.stays).toEqual(['internet to port 8443 stays kept out by Service shop/web, which lets in only 10.9.0.8/32: no address of it is known.']);
    await scene?.stop();
    const { plan } = await approved({ connections: [inbound('fresh', '10.9.0.8', { state: 'pending', key: { protocol: 'tcp' } }), temporary], more });
    expect([valuesOf(plan), plan.stays]).toEqual([[], ['Another approval lets 10.9.0.8 to port 8443 in by Service shop/web, and ends at 2026-11-26 09:00 UTC: approve it anew then.']]);
  });
});
