import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { allowsGroup, allowsResource, allowsUrl, allowsVerb, covers, ruleKey, rulesOf, ruleWords, type PolicyRule } from '#src/model/rbac-rule.ts';
import { rule } from '#test/build/rbac.ts';

const NOTHING: PolicyRule = { verbs: [], groups: [], resources: [], names: [], urls: [] };

describe('src/model/rbac-rule', () => {
  test('keeps the index of a rule where an entry before it is no rule', () => {
    const rules = rulesOf({ rules: ['text', { verbs: ['get'], resources: ['pods'], apiGroups: [''] }] });

    expect(rules).toEqual([[1, { verbs: ['get'], groups: [''], resources: ['pods'], names: [], urls: [] }]]);
  });

  test.each([undefined, null, [], 'apps'])('takes apiGroups %j of a file for any group', (apiGroups) => {
    const [[, read] = []] = rulesOf({ rules: [{ apiGroups, resources: ['pods'], verbs: ['get'] }] });

    expect(read?.groups).toBeUndefined();
  });

  test.each([
    [['get'], 'get', true],
    [['*'], 'bind', true],
    [['GET'], 'get', false],
    [[], 'get', false],
  ])('verbs %j allow %s: %j', (verbs, verb, allowed) => {
    expect(allowsVerb({ ...NOTHING, verbs }, verb)).toBe(allowed);
  });

  test.each([
    [[''], '', true],
    [[''], 'apps', false],
    [['*'], 'apps', true],
    [undefined, 'apps', true],
  ])('groups %j allow %j: %j', (groups, group, allowed) => {
    expect(allowsGroup({ ...NOTHING, groups }, group)).toBe(allowed);
  });

  test.each([
    ['pods', 'pods', true],
    ['pods', 'pods/exec', false],
    ['pods/exec', 'pods', false],
    ['*', 'pods/exec', true],
    ['*/exec', 'pods/exec', true],
    ['*/exec', 'pods', false],
    ['pods/*', 'pods/exec', false],
    ['pods/*', 'pods', false],
    ['*/*', 'pods/exec', false],
  ])('resource %s allows %s: %j', (written, resource, allowed) => {
    expect(allowsResource({ ...NOTHING, resources: [written] }, resource)).toBe(allowed);
  });

  test.each([
    ['/healthz', '/healthz', true],
    ['/healthz', '/healthz/etcd', false],
    ['/healthz/*', '/healthz/etcd', true],
    ['*', '/metrics', true],
  ])('URL %s allows %s: %j', (written, url, allowed) => {
    expect(allowsUrl({ ...NOTHING, urls: [written] }, url)).toBe(allowed);
  });

  test.each([
    ['a rule by itself', ['get,list secrets'], 'get,list secrets', true],
    ['fewer verbs and resources', ['get,list pods,secrets'], 'get secrets', true],
    ['a rule by two together', ['get secrets', 'list secrets,pods'], 'get,list secrets', true],
    ['no verb more', ['get secrets'], 'get,list secrets', false],
    ['no other group', ['get apps:deployments'], 'get deployments', false],
    ['a name by all names', ['get secrets'], 'get secrets [tls]', true],
    ['all names by no name', ['get secrets [tls]'], 'get secrets', false],
    ['a name by no other', ['get secrets [tls]'], 'get secrets [tls,db]', false],
    ['two names by two rules', ['get secrets [tls]', 'get secrets [db]'], 'get secrets [tls,db]', true],
    ['everything by everything', ['* *:*'], '* *:*', true],
    ['a wildcard by no list', ['get,list,watch,create,update,patch,delete pods'], '* pods', false],
  ])('covers %s', (_, granted, wanted, covered) => {
    expect(covers(granted.map(parse), parse(wanted))).toBe(covered);
  });

  test('covers no URL by a resource', () => {
    const url: PolicyRule = { ...NOTHING, verbs: ['get'], urls: ['/metrics'] };

    expect(covers([parse('* *:*')], url)).toBe(false);
    expect(covers([{ ...NOTHING, verbs: ['*'], urls: ['*'] }], url)).toBe(true);
  });

  test('says a rule in words, another way for every other rule', () => {
    const rules = [parse('get,list secrets'), parse('get apps:deployments [web]'), { ...parse('get secrets'), verbs: ['get, list'] }, { ...parse('get secrets'), resources: ['secrets; groups apps'] }];

    expect(ruleWords(parse('get,list apps:deployments'))).toBe('verbs get, list; resources deployments; groups apps');
    expect(rules.map(ruleWords)).toEqual([
      'verbs get, list; resources secrets; groups ""',
      'verbs get; resources deployments; groups apps; names web',
      'verbs "get, list"; resources secrets; groups ""',
      'verbs get; resources "secrets; groups apps"; groups ""',
    ]);
  });

  test('gives rules of the same words the same key, and others another', () => {
    expect(ruleKey(parse('get secrets'))).toBe(ruleKey(parse('get secrets')));
    expect(ruleKey(parse('get secrets'))).not.toBe(ruleKey(parse('get secrets [tls]')));
  });
});

function parse(text: string): PolicyRule {
  const object: RawObject = { rules: [rule(text)] };
  const [[, read] = []] = rulesOf(object);
  if (read === undefined) throw new Error(`no rule in ${text}`);
  return read;
}
