import { describe, expect, test } from '@jest/globals';
import { parseSysdig } from '#src/events/sources/sysdig/parse.ts';

const EVENT = {
  id: '164ace360cc3cfbc26ec22d61b439500',
  category: 'runtime',
  type: 'policy',
  source: 'syscall',
  name: 'Suspicious network activity',
  description: 'A policy of the site',
  severity: 5,
  timestamp: 1787303643123456789,
  containerId: '3ad7b26ded6d',
  content: {
    ruleName: 'Unexpected outbound connection',
    ruleTags: ['network'],
    output: 'Something connected (user=root)',
    fields: { 'fd.name': '10.0.0.7:40000->203.0.113.9:443', 'evt.type': 'connect', 'proc.cmdline': 'curl https://evil.example', 'k8s.pod.name': '' },
  },
  labels: { 'kubernetes.namespace.name': 'shop', 'kubernetes.pod.name': 'web-1', 'host.hostName': 'worker-1' },
};
const NOTIFICATION = {
  timestamp: 1787303643123456,
  timespan: 60000000,
  alert: { severity: 0, name: 'Terminal shell in container', description: 'A shell was begun', editUrl: null, scope: null, subject: 'x' },
  event: { id: '4711', url: 'https://secure.sysdig.example/#/events/4711' },
  state: 'ACTIVE',
  resolved: false,
};

describe('src/events/sources/sysdig/parse.ts', () => {
  test('an event that is forwarded is an alert like one of Falco, with the pod of its labels', () => {
    expect(parseSysdig(EVENT)).toMatchObject({
      event: {
        id: EVENT.id,
        timeMs: Date.UTC(2026, 7, 21, 9, 14, 3, 123),
        rule: 'Unexpected outbound connection',
        priority: 'notice',
        output: 'Something connected (user=root)',
        tags: ['network'],
        hostname: 'worker-1',
        pod: { namespace: 'shop', name: 'web-1' },
        containerId: '3ad7b26ded6d',
        command: 'curl https://evil.example',
        connection: { remote: { address: '203.0.113.9', port: 443 }, began: 'local' },
      },
    });
  });

  test('what the rule printed goes before the labels', () => {
    const content = { ...EVENT.content, fields: { 'k8s.pod.name': 'web-2', 'k8s.ns.name': 'shop' } };
    expect(parseSysdig({ ...EVENT, content })).toMatchObject({ event: { pod: { namespace: 'shop', name: 'web-2' } } });
  });

  test.each(['<NA>', '', null])('what the rule printed without knowing it (%p) does not hide the labels', (unknown) => {
    const content = { ...EVENT.content, fields: { 'k8s.pod.name': unknown, 'k8s.ns.name': unknown, 'container.id': unknown } };
    expect(parseSysdig({ ...EVENT, content })).toMatchObject({ event: { pod: { namespace: 'shop', name: 'web-1' }, containerId: '3ad7b26ded6d' } });
  });

  test('a notification of a webhook channel says which policy it was, and of which pod it does not know', () => {
    expect(parseSysdig(NOTIFICATION)).toMatchObject({
      event: { id: '4711', rule: 'Terminal shell in container', output: 'A shell was begun', priority: 'emergency', timeMs: Date.UTC(2026, 7, 21, 9, 14, 3, 123), pod: undefined, connection: undefined },
    });
  });

  test.each([[0, 'emergency'], [3, 'error'], [7, 'debug'], [8, 'warning'], ['high', 'warning']])('takes the severity %p for %s', (severity, priority) => {
    expect(parseSysdig({ ...EVENT, severity })).toMatchObject({ event: { priority } });
  });

  test.each([['a text', 'x'], ['another object', { state: 'ACTIVE' }], ['a notification without an alert', { alert: null }], ['an event without a rule', { content: {} }]])('%s is no event', (_name, value) => {
    expect(parseSysdig(value)).toHaveProperty('malformed');
  });
});
