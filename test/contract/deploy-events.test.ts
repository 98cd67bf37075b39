import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { auditOutcome } from '#src/model/audit-policy.ts';
import { isObject, objectsAt, textAt } from '#src/model/raw.ts';
import { createFeedReader } from '#src/events/read.ts';

const read = (path: string): unknown => parse(readFileSync(path, 'utf8'));

describe('deploy', () => {
  test('the rules of Falco print every field that tells a connection', () => {
    const file = read('deploy/falco/k8ssec-rules.yaml');
    const rules = objectsAt({ file }, 'file').map(([, rule]) => rule).filter((rule) => rule.rule !== undefined);

    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      for (const field of ['fd.name', 'fd.lip', 'fd.l4proto', 'fd.rip', 'fd.rport', 'evt.type', 'evt.res', 'container.id', 'k8s.ns.name', 'k8s.pod.name', 'proc.cmdline', 'user.name']) {
        expect(textAt(rule, 'output')).toContain(`%${field}`);
      }
      expect(textAt(rule, 'output')).not.toMatch(/%fd\.[a-z]+\.name/);
    }
  });

  test.each(['deploy/falco/values.yaml', 'deploy/audit/webhook.yaml'])('%s sends to a door that there is', (path) => {
    const [, feed] = /\/events\/prod-eu\/(\w+)/.exec(readFileSync(path, 'utf8')) ?? [];

    expect(['audit', 'falco']).toContain(feed);
    expect(isObject(read(path))).toBe(true);
  });

  test.each([['create', 'pods/exec'], ['get', 'pods/exec'], ['create', 'pods/attach'], ['get', 'pods/attach']])('the audit policy logs %s of %s from its beginning', (verb, resource) => {
    const policy = read('deploy/audit/policy.yaml');
    const { level, omitted } = auditOutcome(isObject(policy) ? policy : {}, { verb, resource });

    expect(level).not.toBe('None');
    expect([...omitted]).toEqual(['RequestReceived']);
  });

  test.each(['get', 'list', 'watch', 'create', 'update', 'patch'])('the audit policy writes no contents of Secrets for %s', (verb) => {
    const policy = read('deploy/audit/policy.yaml');

    expect(auditOutcome(isObject(policy) ? policy : {}, { verb, resource: 'secrets' }).level).toBe('Metadata');
  });

  test('the audit policy logs what the bot asks for to see whether the log comes in', () => {
    const policy = read('deploy/audit/policy.yaml');

    expect(auditOutcome(isObject(policy) ? policy : {}, { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' }).level).toBe('Metadata');
  });

  test('the filters of Hubble are JSON', () => {
    const filters = (read('deploy/hubble/values.yaml') as { readonly hubble: { readonly export: { readonly static: { readonly allowList: readonly string[] } } } }).hubble.export.static.allowList;

    expect(filters.map((filter) => isObject(JSON.parse(filter)))).toEqual(filters.map(() => true));
  });

  test('the example of a connection in docs/events.md is read with everything that it says', () => {
    const [, example = ''] = /```json\n(.+?)\n```/s.exec(readFileSync('docs/events.md', 'utf8')) ?? [];

    expect(createFeedReader('flows').reader.read(JSON.parse(example))).toEqual([
      {
        event: expect.objectContaining({
          id: 'c-1',
          verdict: 'forwarded',
          protocol: 'tcp',
          source: expect.objectContaining({ workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, address: '10.0.0.7', outside: false }),
          destination: expect.objectContaining({ address: '203.0.113.9', port: 443, names: ['api.example'], outside: true }),
        }),
      },
    ]);
  });
});
