import { describe, expect, test } from '@jest/globals';
import { crowdedWorkload } from '#src/app/events/crowded-workload.ts';
import { FLOW_TIME } from '#test/build/flow.ts';
import { aSighting } from '#test/build/sighting.ts';

const HOUR_MS = 3600_000;
const AT_MS = Math.floor(Date.parse(FLOW_TIME) / HOUR_MS) * HOUR_MS;

describe('src/app/events/crowded-workload.ts', () => {
  test('says which connection is not recorded, and why', () => {
    expect(crowdedWorkload(aSighting())).toMatchObject({
      detection: 'connections/too-many-connections',
      severity: 'high',
      message: 'shop/checkout → api.stripe.com:443 is not recorded: shop/checkout has 5,000 other connections with the outside',
      object: { kind: 'Deployment', namespace: 'shop', name: 'checkout' },
    });
  });

  test('whatever a workload connects to is one group, which counts once an hour', () => {
    const [first, other, later] = [aSighting({ atMs: AT_MS }), aSighting({ atMs: AT_MS + HOUR_MS - 1, key: { port: 80 } }), aSighting({ atMs: AT_MS + HOUR_MS })].map(crowdedWorkload);

    expect([other?.group, later?.group]).toEqual([first?.group, first?.group]);
    expect(other?.fingerprint).toBe(first?.fingerprint);
    expect(later?.fingerprint).not.toBe(first?.fingerprint);
  });

  test('another workload is another group', () => {
    const cart = aSighting({ key: { workload: { namespace: 'shop', kind: 'Deployment', name: 'cart' } } });
    expect(crowdedWorkload(cart).group).not.toBe(crowdedWorkload(aSighting()).group);
  });
});
