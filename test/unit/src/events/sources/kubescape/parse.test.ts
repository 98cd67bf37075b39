import { describe, expect, test } from '@jest/globals';
import { createFeedReader } from '#src/events/read.ts';
import { parseKubescape } from '#src/events/sources/kubescape/parse.ts';

const NEIGHBORHOOD = {
  apiVersion: 'spdx.softwarecomposition.kubescape.io/v1beta1',
  kind: 'NetworkNeighborhood',
  metadata: {
    namespace: 'shop',
    name: 'deployment-web-7d9f',
    uid: 'u-1',
    annotations: { 'kubescape.io/status': 'completed', 'kubescape.io/completion': 'complete' },
    labels: { 'kubescape.io/workload-kind': 'Deployment', 'kubescape.io/workload-name': 'web', 'kubescape.io/workload-namespace': 'shop' },
  },
  spec: {
    matchLabels: { app: 'web' },
    containers: [
      {
        name: 'web',
        egress: [
          { identifier: 'e-1', type: 'external', dns: 'API.example.', dnsNames: ['api.example.'], ipAddress: '203.0.113.9', ports: [{ name: 'TCP-443', protocol: 'TCP', port: 443 }] },
          { identifier: 'e-2', type: 'internal', dns: '', ipAddress: '', podSelector: { matchLabels: { app: 'db' } }, ports: [{ name: 'TCP-5432', protocol: 'TCP', port: 5432 }] },
        ],
        ingress: [{ identifier: 'i-1', type: 'external', ipAddress: '198.51.100.7', ipAddresses: ['198.51.100.7', '198.51.100.8'], ports: [{ name: 'TCP-8080', protocol: 'TCP', port: 8080 }] }],
      },
    ],
  },
};
const WEB = { namespace: 'shop', kind: 'Deployment', name: 'web' };

describe('src/events/sources/kubescape/parse.ts', () => {
  test('each edge is a connection without a time, and says that the profile is complete', () => {
    const flows = parseKubescape(NEIGHBORHOOD).map((reading) => ('event' in reading ? reading.event : undefined));

    expect(flows).toHaveLength(4);
    expect(flows[0]).toMatchObject({
      seenBy: 'kubescape',
      timeMs: undefined,
      profile: 'complete',
      protocol: 'tcp',
      source: { workload: WEB, outside: false },
      destination: { address: '203.0.113.9', port: 443, outside: true, names: ['api.example'] },
    });
    expect(flows[1]).toMatchObject({ source: { workload: WEB }, destination: { address: undefined, port: 5432, outside: false } });
    expect(flows.slice(2)).toEqual(['198.51.100.7', '198.51.100.8'].map((address) => expect.objectContaining({ source: expect.objectContaining({ address, outside: true }), destination: expect.objectContaining({ workload: WEB, port: 8080 }) })));
  });

  test.each([
    ['that still learns', { 'kubescape.io/status': 'ready', 'kubescape.io/completion': 'complete' }],
    ['that did not see the start of the workload', { 'kubescape.io/status': 'completed', 'kubescape.io/completion': 'partial' }],
    ['that says nothing of it', {}],
  ])('a profile %s is partial', (_, annotations) => {
    const [first] = parseKubescape({ ...NEIGHBORHOOD, metadata: { ...NEIGHBORHOOD.metadata, annotations } });

    expect(first).toMatchObject({ event: { profile: 'partial' } });
  });

  test('what was read before and stands in a newer version is no news', () => {
    const { reader } = createFeedReader('kubescape');

    expect(reader.read(NEIGHBORHOOD).filter((reading) => 'event' in reading)).toHaveLength(4);
    expect(reader.read(NEIGHBORHOOD)).toEqual([1, 2, 3, 4].map(() => ({ skipped: 'repeat' })));
  });

  test('what a profile said while it was partial is told again when it is complete', () => {
    const { reader } = createFeedReader('kubescape');
    const partial = { ...NEIGHBORHOOD, metadata: { ...NEIGHBORHOOD.metadata, annotations: { 'kubescape.io/status': 'ready', 'kubescape.io/completion': 'complete' } } };
    reader.read(partial);

    expect(reader.read(NEIGHBORHOOD)).toMatchObject([1, 2, 3, 4].map(() => ({ event: { profile: 'complete' } })));
  });

  test('a complete profile without edges tells of the workload alone, and a partial one of nothing', () => {
    const silent = { ...NEIGHBORHOOD, spec: { containers: [{ name: 'web', egress: [], ingress: [] }] } };

    expect(parseKubescape(silent)).toMatchObject([{ event: { profile: 'complete', source: { workload: WEB }, protocol: undefined, connections: 0 } }]);
    expect(parseKubescape({ ...silent, metadata: { ...silent.metadata, annotations: {} } })).toEqual([]);
  });

  test.each([['a text', 'x'], ['another object', { kind: 'Pod', metadata: { namespace: 'shop' } }], ['a list entry without a spec', { ...NEIGHBORHOOD, spec: undefined }]])('%s is malformed', (_, value) => {
    expect(parseKubescape(value)).toEqual([{ malformed: expect.any(String) }]);
  });
});
