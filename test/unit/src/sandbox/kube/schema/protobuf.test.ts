import { describe, expect, test } from '@jest/globals';
import { readEnvelope, readMessage } from '#src/sandbox/kube/schema/protobuf.ts';

type Value = string | number | Buffer;

/** One field: numbers as varints, the rest with their length before them. */
function field(number: number, value: Value): Buffer {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? byte : byte | 0x80);
  } while (rest !== 0n);
  return Buffer.from(bytes);
}

function message(...fields: readonly (readonly [number, Value])[]): Buffer {
  return Buffer.concat(fields.map(([number, value]) => field(number, value)));
}

describe('src/sandbox/kube/schema/protobuf.ts', () => {
  test('reads what a body holds', () => {
    const body = Buffer.concat([Buffer.from('k8s\0'), message([1, message([1, 'v1'], [2, 'Pod'])], [2, message([1, 'x'])])]);

    expect(readEnvelope(body)).toEqual({ apiVersion: 'v1', kind: 'Pod', message: message([1, 'x']) });
  });

  test('refuses a body that is none', () => {
    expect(() => readEnvelope(Buffer.from('{}'))).toThrow('does not appear to be a protobuf message');
  });

  test('reads messages within messages, lists, maps and fields of structs that are taken over', () => {
    const volume = message([1, 'host'], [2, message([1, message([1, '/var'])])]);
    const labels = [message([1, 'a'], [2, 'b']), message([1, 'c'], [2, ''])];
    const container = message([1, 'web'], [2, 'nginx'], [6, message([3, 80])], [8, message([1, message([1, 'cpu'], [2, message([1, '500m'])])])]);
    const pod = message([1, message([1, 'p'], ...labels.map((label) => [11, label] as const))], [2, message([1, volume], [2, container], [4, 30], [11, 1])]);

    expect(readMessage(pod, { type: 'core.v1.Pod' })).toEqual({
      metadata: { name: 'p', labels: { a: 'b', c: '' } },
      spec: {
        volumes: [{ name: 'host', hostPath: { path: '/var' } }],
        containers: [{ name: 'web', image: 'nginx', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '500m' } } }],
        terminationGracePeriodSeconds: 30,
        hostNetwork: true,
      },
    });
  });

  test.each([
    ['a time', 'meta.v1.ObjectMeta', message([8, message([1, 1_700_000_000])]), { creationTimestamp: '2023-11-14T22:13:20Z' }],
    ['a time of zero', 'meta.v1.ObjectMeta', message([8, '']), { creationTimestamp: null }],
    ['a port by name', 'core.v1.ServicePort', message([4, message([1, 1], [3, 'http'])]), { targetPort: 'http' }],
    ['a port by number', 'core.v1.ServicePort', message([4, message([1, 0], [2, 8080])]), { targetPort: 8080 }],
    ['a negative number', 'core.v1.PodSecurityContext', message([2, -1]), { runAsUser: -1 }],
    ['bytes', 'core.v1.Secret', message([2, message([1, 'k'], [2, 'v'])]), { data: { k: 'dg==' } }],
    ['lists within a map', 'authorization.v1.SubjectAccessReviewSpec', message([5, message([1, 'k'], [2, message([1, 'a'], [1, 'b'])])]), { extra: { k: ['a', 'b'] } }],
  ])('reads %s', (_what, type, bytes, expected) => {
    expect(readMessage(bytes, { type })).toEqual(expected);
  });

  test('refuses a message that is cut off', () => {
    expect(() => readMessage(message([1, 'name']).subarray(0, 3), { type: 'meta.v1.ObjectMeta' })).toThrow('unexpected EOF');
  });
});
