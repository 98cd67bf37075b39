import { describe, expect, test } from '@jest/globals';
import { parseFalco } from '#src/events/sources/falco/parse.ts';
import type { FalcoAlert } from '#src/model/falco-alert.ts';

const FIELDS = {
  'container.id': '3ad7b26ded6d',
  'container.name': 'web',
  'evt.type': 'connect',
  'fd.name': '10.0.0.7:40000->203.0.113.9:443',
  'fd.lip': '10.0.0.7',
  'fd.l4proto': 'tcp',
  'k8s.ns.name': 'shop',
  'k8s.pod.name': 'web-1',
  'proc.cmdline': 'curl https://evil.example',
  'user.name': 'root',
};
const ALERT = { uuid: 'u-1', output: '09:14:03: Notice Something (user=root)', priority: 'Notice', rule: 'Something', source: 'syscall', tags: ['network'], hostname: 'worker-1', time: '2026-08-21T09:14:03.123456789Z', output_fields: FIELDS };

function alertOf(fields: object = {}, changes: object = {}): FalcoAlert {
  const reading = parseFalco({ ...ALERT, ...changes, output_fields: { ...FIELDS, ...fields } });
  if ('malformed' in reading) throw new Error(reading.malformed);
  return reading.event;
}

describe('src/events/sources/falco/parse.ts', () => {
  test('an alert says who, where and to whom', () => {
    expect(alertOf()).toEqual({
      id: 'u-1',
      timeMs: Date.UTC(2026, 7, 21, 9, 14, 3, 123),
      rule: 'Something',
      priority: 'notice',
      output: ALERT.output,
      source: 'syscall',
      tags: ['network'],
      hostname: 'worker-1',
      pod: { namespace: 'shop', name: 'web-1' },
      containerId: '3ad7b26ded6d',
      container: 'web',
      command: 'curl https://evil.example',
      user: 'root',
      connection: { local: { address: '10.0.0.7', port: 40000 }, remote: { address: '203.0.113.9', port: 443 }, protocol: 'tcp', began: 'local', attempt: undefined },
      fields: FIELDS,
    });
  });

  test('a process of the node is in no container', () => {
    expect(alertOf({ 'container.id': 'host', 'k8s.ns.name': null, 'k8s.pod.name': null })).toMatchObject({ containerId: undefined, pod: undefined });
  });

  test.each<[string, object, object | undefined]>([
    ['ports that are swapped', { 'fd.lport': 443, 'fd.rport': 40000 }, { address: '203.0.113.9', port: 443 }],
    ['a server that is asked', { 'evt.type': 'accept4', 'fd.lip': undefined, 'fd.name': '203.0.113.9:40000->10.0.0.7:80' }, { address: '203.0.113.9', port: 40000 }],
    ['a server by its own address', { 'evt.type': 'read', 'fd.lip': '10.0.0.7', 'fd.name': '203.0.113.9:40000->10.0.0.7:80' }, { address: '203.0.113.9', port: 40000 }],
    ['IPv6', { 'fd.name': '2001:db8::7:40000->2001:db8::9:443', 'fd.lip': '2001:db8::7' }, { address: '2001:db8::9', port: 443 }],
    ['no name, and a port as text', { 'fd.name': '', 'fd.rip': '203.0.113.9', 'fd.rport': '443' }, { address: '203.0.113.9', port: 443 }],
    ['a file', { 'fd.name': '/etc/shadow' }, undefined],
    ['nothing', { 'fd.name': null }, undefined],
  ])('knows the remote of %s', (_name, fields, remote) => {
    expect(alertOf(fields).connection?.remote).toEqual(remote);
  });

  test.each<[string, object, object]>([
    ['a connection that is made', { 'evt.res': 'SUCCESS' }, { began: 'local', attempt: false }],
    ['a socket that does not wait', { 'evt.res': 'EINPROGRESS' }, { began: 'local', attempt: true }],
    ['a connection that is taken', { 'evt.type': 'accept', 'fd.name': '203.0.113.9:40000->10.0.0.7:80' }, { began: 'remote' }],
    ['an end that is the server, without a name', { 'fd.name': '', 'fd.rip': '203.0.113.9', 'fd.sip': '203.0.113.9', 'fd.rport': 443, 'evt.type': 'sendto' }, { began: 'local' }],
    ['an end that nothing tells of', { 'fd.name': '', 'fd.rip': '203.0.113.9', 'fd.rport': 443, 'evt.type': 'sendto' }, { began: undefined }],
  ])('knows who began %s', (_name, fields, expected) => {
    expect(alertOf(fields).connection).toMatchObject(expected);
  });

  test('what Falco does not know is absent', () => {
    expect(alertOf({ 'k8s.ns.name': null, 'k8s.pod.name': '<NA>', 'container.id': '', 'user.name': 0 })).toMatchObject({ pod: undefined, containerId: undefined, user: '0' });
  });

  test.each([['Emergency', 'emergency'], ['CRITICAL', 'critical'], ['Informational', 'informational'], ['Info', 'informational'], ['Unheard-of', 'warning'], [7, 'warning']])('takes the priority %p for %s', (priority, expected) => {
    expect(alertOf({}, { priority }).priority).toBe(expected);
  });

  test.each([['a text', 'x'], ['a list', []], ['another object', { rule: 'x' }]])('%s is no alert', (_name, value) => {
    expect(parseFalco(value)).toHaveProperty('malformed');
  });
});
