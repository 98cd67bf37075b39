import { describe, expect, test } from '@jest/globals';
import { limitsOf } from '#src/asked/limits.ts';
import type { AskedDeed } from '#src/model/questions.ts';
import { DEED } from '#test/build/question.ts';

const pod = (name: string): Partial<AskedDeed> => ({ object: { kind: 'Pod', namespace: 'shop', name } });
const ofDeed = (differs: Partial<AskedDeed>) => limitsOf({ ...DEED, ...differs }, 'U0ANN00001');

describe('src/asked/limits.ts', () => {
  test.each<[string, Partial<AskedDeed>, Partial<AskedDeed>]>([
    ['pods of one Deployment', pod('checkout-7d9f6c5b8-x2x9q'), pod('checkout-5c6f7d8b9d-b4c5d')],
    ['pods of one DaemonSet', pod('agent-x2x9q'), pod('agent-b4c5d')],
    ['pods of one StatefulSet', pod('db-0'), pod('db-12')],
    ['addresses of one /24', { address: '203.0.113.7' }, { address: '203.0.113.250' }],
    ['an address of IPv4 in the form of IPv6', { address: '203.0.113.7' }, { address: '::ffff:203.0.113.9' }],
    ['addresses of one /48', { address: '2001:db8:1:2::1' }, { address: '2001:db8:1:ffff::9' }],
  ])('%s are the same', (_, one, other) => {
    expect(ofDeed(one)).toEqual(ofDeed(other));
  });

  test.each<[string, Partial<AskedDeed>, Partial<AskedDeed>]>([
    ['another network', { address: '203.0.113.7' }, { address: '203.0.114.7' }],
    ['another network of IPv6', { address: '2001:db8:1::1' }, { address: '2001:db8:2::1' }],
    ['another deed', {}, { detection: 'audit/port-forward' }],
    ['another workload', pod('checkout-0'), pod('cart-0')],
    ['another user', {}, { user: 'oidc:bo@corp.example' }],
    ['another cluster', {}, { cluster: 'dev' }],
  ])('%s is asked about, whatever was confirmed', (_, one, other) => {
    expect(ofDeed(one).pattern).not.toBe(ofDeed(other).pattern);
  });

  test('a deed of another kind on the same workload is no second question at that time', () => {
    expect(ofDeed({}).topic).toBe(ofDeed({ detection: 'audit/port-forward', address: '198.51.100.1' }).topic);
  });
});
