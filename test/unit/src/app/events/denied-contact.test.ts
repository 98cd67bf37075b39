import { describe, expect, test } from '@jest/globals';
import { deniedContact } from '#src/app/events/denied-contact.ts';
import { aSighting } from '#test/build/sighting.ts';

describe('src/app/events/denied-contact.ts', () => {
  test.each([
    ['connected', 'critical', 'shop/checkout → api.stripe.com:443 is denied and was made all the same (203.0.113.7)'],
    ['dropped', 'high', 'shop/checkout → api.stripe.com:443 is denied and was tried again; the network dropped it (203.0.113.7)'],
    ['attempted', 'high', 'shop/checkout → api.stripe.com:443 is denied and was tried again (203.0.113.7)'],
  ] as const)('what was denied and is %s', (outcome, severity, message) => {
    expect(deniedContact(aSighting({ outcome }))).toMatchObject({ detection: 'connections/denied-remote-contacted', severity, message, actor: null, object: { kind: 'Deployment', namespace: 'shop', name: 'checkout' } });
  });

  test('the same sighting is one alarm, a later one another of the same group', () => {
    const [first, again, later] = [aSighting(), aSighting(), aSighting({ atMs: 1 })].map(deniedContact);

    expect(again).toEqual(first);
    expect(later?.group).toBe(first?.group);
    expect(later?.fingerprint).not.toBe(first?.fingerprint);
    expect(deniedContact(aSighting({ key: { port: 80 } })).group).not.toBe(first?.group);
  });
});
