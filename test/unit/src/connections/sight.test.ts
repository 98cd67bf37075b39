import { describe, expect, test } from '@jest/globals';
import { clusterRanges, createClassifier } from '#src/connections/classify.ts';
import { createNameMemory } from '#src/connections/remote.ts';
import { learnNames, podsToFind, sightOf, type Sight, type SightNeeds } from '#src/connections/sight.ts';
import { connectionId } from '#src/model/connection-key.ts';
import type { Flow } from '#src/model/flow.ts';
import { aFlow, anEnd, FLOW_TIME, outsideEnd, podEnd } from '#test/build/flow.ts';

const AT = Date.parse(FLOW_TIME);

function needs(over: Partial<SightNeeds> = {}, configured: readonly string[] = ['10.244.0.0/16', '10.96.0.0/16', '192.168.1.0/24']): SightNeeds {
  const cluster = clusterRanges({ nodes: [], services: [], serviceRanges: [], configured, pods: [] });
  return {
    cluster: 'prod',
    classify: createClassifier({ cluster, corporate: ['10.200.0.0/16'], groups: new Map([['bank', ['198.51.100.0/24']]]) }),
    arePodsKnown: cluster.arePodsKnown,
    names: createNameMemory(),
    ownerOf: () => undefined,
    nowMs: AT,
    ...over,
  };
}

function keyOf(sight: Sight): unknown {
  return 'sighting' in sight ? sight.sighting.key : sight;
}

/** A DNS answer to a pod of `shop/web`. */
function answer(name: string, addresses: readonly string[], atMs = AT): Flow {
  return aFlow({ timeMs: atMs, reply: true, protocol: 'udp', source: anEnd({ address: '10.96.0.10', port: 53, outside: false }), destination: podEnd(), dns: { name, code: 0, addresses } });
}

const NAMED = { kind: 'name', name: 'api.stripe.com' };

describe('src/connections/sight.ts', () => {
  test('a connection to the Internet', () => {
    expect(sightOf(aFlow({ bytes: 120, connections: 3 }), needs())).toEqual({
      sighting: {
        key: { cluster: 'prod', direction: 'egress', workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, remote: { kind: 'address', address: '203.0.113.9' }, port: 443, protocol: 'tcp' },
        names: [],
        address: '203.0.113.9',
        isPrivate: false,
        outcome: 'connected',
        atMs: AT,
        bytes: 120,
        count: 3,
        source: 'hubble',
      },
    });
  });

  const named = aFlow({ destination: outsideEnd({ names: ['api.stripe.com'] }) });
  test.each<readonly [what: string, flow: Flow]>([
    ['the pod is replaced', { ...named, source: podEnd({ pod: { namespace: 'shop', name: 'web-7d9f8c6b5-qqqqq' }, address: '10.244.3.3' }) }],
    ['there is a new replica set', { ...named, source: podEnd({ workload: { namespace: 'shop', kind: 'ReplicaSet', name: 'web-5c4d9b7f6d' } }) }],
    ['the address behind the name changes', { ...named, destination: outsideEnd({ address: '203.0.113.77', names: ['api.stripe.com'] }) }],
    ['the name leads to IPv6', { ...named, destination: outsideEnd({ address: '2606:4700::1111', names: ['api.stripe.com'] }) }],
    ['the client port is another', { ...named, source: podEnd({ port: 51_111 }) }],
    ['the name has a dot at its end and upper case', { ...named, destination: outsideEnd({ names: ['API.Stripe.com.'] }) }],
    ['another source reports it', { ...named, seenBy: 'flows' }],
    ['it is only attempted', { ...named, verdict: 'dropped' }],
  ])('the key survives when %s', (_, flow) => {
    expect(keyOf(sightOf(flow, needs()))).toEqual(keyOf(sightOf(named, needs())));
  });

  test('an address of IPv4 that is written as IPv6 is the same', () => {
    expect(keyOf(sightOf(aFlow({ destination: outsideEnd({ address: '::ffff:203.0.113.9' }) }), needs()))).toEqual(keyOf(sightOf(aFlow(), needs())));
  });

  test('an answer is no connection, whichever comes first', () => {
    const reply = aFlow({ reply: true, source: outsideEnd(), destination: podEnd() });

    expect([reply, aFlow()].map((flow) => 'sighting' in sightOf(flow, needs()))).toEqual([false, true]);
    expect(sightOf(reply, needs())).toEqual({ ignored: 'answer' });
  });

  test('other ports, protocols, workloads and names are other keys', () => {
    const flows = [named, { ...named, destination: outsideEnd({ port: 8443, names: ['api.stripe.com'] }) }, { ...named, protocol: 'udp' as const }, { ...named, source: podEnd({ workload: { namespace: 'shop', kind: 'Deployment', name: 'cart' } }) }, aFlow({ destination: outsideEnd({ names: ['api.paypal.com'] }) })];
    const ids = flows.flatMap((flow) => {
      const sight = sightOf(flow, needs());
      return 'sighting' in sight ? [connectionId(sight.sighting.key)] : [];
    });

    expect(new Set(ids).size).toBe(5);
  });

  describe('what an address is called', () => {
    test('is what the workload was answered last, also for a source that knows no names', () => {
      const looking = needs();
      learnNames(answer('old.example.', ['203.0.113.9'], AT - 60_000), looking);
      learnNames(answer('API.Stripe.com.', ['::ffff:203.0.113.9', '2606:4700::1111'], AT - 10_000), looking);

      expect(keyOf(sightOf(aFlow(), looking))).toMatchObject({ remote: NAMED });
      expect(keyOf(sightOf(aFlow({ seenBy: 'falco', destination: outsideEnd({ address: '2606:4700::1111' }) }), looking))).toMatchObject({ remote: NAMED });
    });

    test('is not what another workload was answered, nor what was answered a day ago', () => {
      const looking = needs();
      learnNames(answer('api.stripe.com', ['203.0.113.9'], AT - 25 * 3600_000), looking);
      learnNames(answer('api.stripe.com', ['203.0.113.10']), looking);
      const cart = podEnd({ workload: { namespace: 'shop', kind: 'Deployment', name: 'cart' } });

      expect(keyOf(sightOf(aFlow(), looking))).toMatchObject({ remote: { kind: 'address' } });
      expect(keyOf(sightOf(aFlow({ source: cart, destination: outsideEnd({ address: '203.0.113.10' }) }), looking))).toMatchObject({ remote: { kind: 'address' } });
    });

    test('is open where two names fit: the key is the address then, and both are told', () => {
      const looking = needs();
      learnNames(answer('a.example', ['203.0.113.9'], AT - 500), looking);
      learnNames(answer('b.example', ['203.0.113.9'], AT - 400), looking);

      expect(sightOf(aFlow(), looking)).toMatchObject({ sighting: { key: { remote: { kind: 'address', address: '203.0.113.9' } }, names: ['b.example', 'a.example'] } });
      expect(sightOf(aFlow({ destination: outsideEnd({ names: ['c.example', 'd.example'] }) }), needs())).toMatchObject({ sighting: { key: { remote: { kind: 'address' } }, names: ['c.example', 'd.example'] } });
    });

    test('is the group of its range where there is no name', () => {
      expect(keyOf(sightOf(aFlow({ destination: outsideEnd({ address: '198.51.100.9' }) }), needs()))).toMatchObject({ remote: { kind: 'group', name: 'bank' } });
    });

    test('is no text that only looks like a name', () => {
      expect(keyOf(sightOf(aFlow({ destination: outsideEnd({ names: ['a b', '1.2.3.4', 'x"\n'] }) }), needs()))).toMatchObject({ remote: { kind: 'address' } });
    });
  });

  test.each<readonly [what: string, flow: Flow, sight: unknown]>([
    ['between pods', aFlow({ destination: podEnd({ port: 8080 }) }), { ignored: 'in the cluster' }],
    ['to a Service', aFlow({ seenBy: 'falco', destination: anEnd({ address: '10.96.0.1', port: 443 }) }), { ignored: 'in the cluster' }],
    ['to the API server, which Hubble knows', aFlow({ destination: outsideEnd({ outside: false }) }), { ignored: 'in the cluster' }],
    ['of a node', aFlow({ source: anEnd({ address: '192.168.1.10', outside: false }) }), { ignored: 'no pod' }],
    ['a health probe of a node', aFlow({ source: anEnd({ address: '192.168.1.10', outside: false }), destination: podEnd({ port: 8080 }) }), { ignored: 'in the cluster' }],
    ['an error of ICMP', aFlow({ protocol: 'icmp', source: outsideEnd(), destination: podEnd() }), { ignored: 'no port' }],
    ['within the pod', aFlow({ destination: outsideEnd({ address: '127.0.0.1' }) }), { ignored: 'local' }],
    ['to all in its link', aFlow({ destination: outsideEnd({ address: 'ff02::fb' }) }), { ignored: 'local' }],
    ['to the metadata service', aFlow({ destination: outsideEnd({ address: '169.254.169.254', port: 80 }) }), { ignored: 'metadata service' }],
    ['to the office', aFlow({ destination: outsideEnd({ address: '10.200.0.9' }) }), { ignored: 'corporate' }],
    ['without an address', aFlow({ seenBy: 'calico', destination: anEnd({ port: 443, network: 'pvt' }) }), { blind: 'no address' }],
    ['of a container that nobody knows', aFlow({ seenBy: 'falco', source: anEnd({ containerId: '3ad7b26ded6d', outside: false }) }), { blind: 'no workload' }],
    ['of a pod whose name the source leaves out', aFlow({ source: anEnd({ isNamelessPod: true, outside: false }) }), { blind: 'no workload' }],
    ['of a pod whose owner nobody knows', aFlow({ source: podEnd({ workload: undefined }) }), { blind: 'no workload' }],
    ['of which nobody knows who began', aFlow({ reply: undefined, source: podEnd({ port: 443 }), destination: outsideEnd({ port: 51_000 }) }), { blind: 'no direction' }],
  ])('is not told: %s', (_, flow, sight) => {
    expect(sightOf(flow, needs())).toEqual(sight);
  });

  test('identity beats address: what is outside stays outside with an address of the cluster', () => {
    expect(keyOf(sightOf(aFlow({ destination: outsideEnd({ address: '10.244.9.9' }) }), needs()))).toMatchObject({ remote: { kind: 'address', address: '10.244.9.9' } });
  });

  test('a client behind the address of a node is not called by that address', () => {
    expect(keyOf(sightOf(aFlow({ source: outsideEnd({ address: '192.168.1.10', port: 50_000 }), destination: podEnd({ port: 8443 }) }), needs()))).toMatchObject({ direction: 'ingress', remote: { kind: 'group', name: 'translated' }, port: 8443 });
  });

  test('the clients of what is published are one, but for named groups and private networks', () => {
    const from = (address: string) => keyOf(sightOf(aFlow({ source: outsideEnd({ address, port: 50_000 }), destination: podEnd({ port: 443 }) }), needs()));

    expect([from('203.0.113.1'), from('203.0.113.2')]).toMatchObject([{ remote: { kind: 'group', name: 'internet' } }, { remote: { kind: 'group', name: 'internet' } }]);
    expect(from('198.51.100.9')).toMatchObject({ remote: { kind: 'group', name: 'bank' } });
    expect(from('172.16.5.5')).toMatchObject({ remote: { kind: 'address', address: '172.16.5.5' } });
  });

  test('what Calico calls public is the Internet, and a network set is a group', () => {
    const to = (network: string, outside?: boolean) => keyOf(sightOf(aFlow({ seenBy: 'calico', destination: anEnd({ port: 443, network, outside }) }), needs()));

    expect([to('pub', true), to('partners')]).toMatchObject([{ remote: { kind: 'group', name: 'internet' } }, { remote: { kind: 'group', name: 'partners' } }]);
  });

  describe('while the ranges of pods are not known', () => {
    const blind = needs({}, []);
    test.each<readonly [address: string, isUncertain: boolean]>([['10.1.2.3', true], ['2606:4700::1111', true], ['203.0.113.9', false]])('%s of a source without identities', (address, isUncertain) => {
      const sight = sightOf(aFlow({ seenBy: 'falco', destination: anEnd({ address, port: 443, outside: address.startsWith('10.') ? undefined : true }) }), blind);

      expect('blind' in sight ? sight.blind : 'seen').toBe(isUncertain ? 'uncertain' : 'seen');
    });

    test('an identity is enough', () => {
      expect(keyOf(sightOf(aFlow({ destination: outsideEnd({ address: '10.1.2.3' }) }), blind))).toMatchObject({ remote: { address: '10.1.2.3' } });
    });
  });

  test.each<readonly [what: string, over: Partial<Flow>, outcome: string]>([
    ['dropped', { verdict: 'dropped', attempt: true }, 'dropped'],
    ['only tried', { verdict: 'other', attempt: true }, 'attempted'],
    ['made', { verdict: 'forwarded', attempt: false }, 'connected'],
    ['neither', { verdict: 'other', attempt: undefined }, 'attempted'],
  ])('how far it came: %s', (_, over, outcome) => {
    expect(sightOf(aFlow(over), needs())).toMatchObject({ sighting: { outcome } });
  });

  test('a pod without a workload is looked up, and belongs to what is found', () => {
    const pod = { namespace: 'shop', name: 'backup-29384756-abcde' };
    const flow = aFlow({ source: podEnd({ pod, workload: undefined }) });

    expect(podsToFind(flow)).toEqual([pod]);
    expect(keyOf(sightOf(flow, needs({ ownerOf: () => ({ namespace: 'shop', kind: 'CronJob', name: 'backup' }) })))).toMatchObject({ workload: { kind: 'CronJob', name: 'backup' } });
  });

  test('a time that has not come yet, as a node with a wrong clock tells it, is not believed', () => {
    expect(sightOf(aFlow({ timeMs: AT + 3600_000 }), needs())).toMatchObject({ sighting: { atMs: AT } });
  });
});
