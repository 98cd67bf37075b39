import { describe, expect, test } from '@jest/globals';
import { readManifest } from '#src/iac/manifest.ts';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';

function objectOf(text: string): unknown {
  return readManifest(text).objects[0]?.object;
}

function reasonsOf(text: string): readonly string[] {
  return readManifest(text).unreadable.map(({ document, reason }) => `${document}: ${reason}`);
}

describe('src/iac/manifest.ts', () => {
  test('reads values as kubectl does', () => {
    expect(objectOf(`${HEAD}data:\n  mode: 0644\n  quoted: "0644"\n  on: yes\n  size: 1_000\n  day: 2001-01-01\n  none: ~\n`)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: { mode: 420, quoted: '0644', true: true, size: 1000, day: '2001-01-01', none: null },
    });
  });

  test('a document that does not parse hides no other', () => {
    const { objects, unreadable, documents } = readManifest(`${HEAD}---\nkind: [\n---\n${HEAD}---\n"open\n---\n${HEAD}`);

    expect(objects.map(({ document }) => document)).toEqual([1, 3, 5]);
    expect(unreadable.map(({ document }) => document)).toEqual([2, 4]);
    expect(documents).toBe(5);
  });

  test.each([
    ['a key twice', 'data: { a: 1, a: 2 }\n', '1: line 4: duplicate key a'],
    ['a key twice, once in quotes', 'data:\n  a: 1\n  "a": 2\n', '1: line 6: duplicate key a'],
    ['a tab as indentation', 'data:\n\ta: 1\n', '1: line 5: a tab as indentation'],
    ['an unknown tag', 'data: { a: !Ref b }\n', '1: line 4: unknown or unfitting tag !Ref'],
    ['an unknown tag on a map', 'data: !Sub { a: b }\n', '1: line 4: unknown or unfitting tag !Sub'],
    ['infinity', 'data: { a: .inf }\n', '1: line 4: a number that JSON cannot hold'],
    ['a map as a key', 'data: { [a]: 1 }\n', '1: line 4: a key that is no text'],
    ['an alias without an anchor', 'data: *x\n', '1: line 4: no anchor x before this alias'],
    ['an anchor in itself', 'data: &x { a: *x }\n', '1: line 4: the anchor x contains itself'],
    ['a merge of something else than a map', 'data: { <<: [1] }\n', '1: line 4: a merge key without a map'],
    ['bad indentation', 'data:\n - a\n b: 1\n', '1: line 6: bad indentation'],
  ])('%s makes its document unreadable', (_, text, reason) => {
    expect(reasonsOf(HEAD + text)).toEqual([reason]);
  });

  test('a reason names the line of the file and quotes no value', () => {
    expect(reasonsOf(`${HEAD}---\n\n${HEAD}data: "hunter2\n`)).toEqual(['2: line 10: a missing character, such as a quote, a bracket, a colon or a blank']);
  });

  test('a key, tag or anchor in a reason is short and printable', () => {
    const [reason = ''] = reasonsOf(`${HEAD}"\\e[31m${'x'.repeat(200)}": 1\n"\\e[31m${'x'.repeat(200)}": 1\n`);

    expect(reason).toMatch(/^1: line 5: duplicate key \[31mx+…$|^1: line 5: duplicate key .\[31mx+…$/);
    expect(reason).not.toMatch(/[\p{Cc}]/u);
    expect(reason.length).toBeLessThan(100);
  });

  test('merge keys count where they stand', () => {
    expect(objectOf(`${HEAD}a: &x { p: 1, q: 2 }\nb: { <<: *x, p: 3 }\nc: { p: 3, <<: *x }\nd: { <<: [*x, { p: 9, r: 4 }] }\n`)).toMatchObject({
      b: { p: 3, q: 2 },
      c: { p: 1, q: 2 },
      d: { p: 1, q: 2, r: 4 },
    });
  });

  test('an alias stands for the latest anchor before it', () => {
    expect(objectOf(`${HEAD}a: &x 1\nb: *x\nc: &x 2\nd: *x\n`)).toMatchObject({ b: 1, d: 2 });
  });

  test('aliases that stand for billions of values are given up at once', () => {
    const levels = Array.from({ length: 12 }, (_, level) => `k${level + 1}: &k${level + 1} [${Array(10).fill(`*k${level}`).join(', ')}]\n`);

    expect(reasonsOf(`${HEAD}k0: &k0 x\n${levels.join('')}`)).toEqual([expect.stringContaining('aliases stand for more than')]);
  });

  test.each([
    ['YAML', `${HEAD}a: ${'['.repeat(600)}${']'.repeat(600)}\n`],
    ['JSON', `{"apiVersion":"v1","kind":"ConfigMap","a":${'['.repeat(600)}${']'.repeat(600)}}`],
    ['YAML of a hundred thousand levels', `${HEAD}a: ${'['.repeat(100_000)}`],
  ])('%s nested without end is given up', (_, text) => {
    expect(readManifest(text).unreadable).toHaveLength(1);
  });

  test('a key __proto__ is a key like others', () => {
    for (const text of [`${HEAD}data: { __proto__: { admin: true } }\n`, '{"apiVersion":"v1","kind":"ConfigMap","data":{"__proto__":{"admin":true}}}']) {
      const { data } = objectOf(text) as { readonly data: object };

      expect(Object.keys(data)).toEqual(['__proto__']);
      expect('admin' in data).toBe(false);
    }
  });

  describe('templates', () => {
    test.each([
      ['that does not parse', 'kind: {{ .Values.kind }}\napiVersion: v1\n'],
      ['with a control structure', `${HEAD}{{- if .Values.x }}\ndata: {}\n{{- end }}\n`],
      ['with a quoted value', `${HEAD}data: { a: "{{ .Values.a }}" }\n`],
      ['with a quoted name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ name }}" }\n'],
      ['with a helper', `${HEAD}data: { a: '{{ include "x" . }}' }\n`],
    ])('a template %s has to be rendered first', (_, text) => {
      expect(reasonsOf(text)).toEqual(['1: template, render it first']);
    });

    test.each([
      ['of a dashboard in a text of several lines', 'data:\n  rules: |\n    {{ .Values.x }} is {{ $labels.pod }}\n    more\n'],
      ['of an alert', 'data: { summary: "{{ $labels.pod }} is down" }\n'],
      ['of a workflow', 'data: { input: "{{inputs.parameters.message}}" }\n'],
    ])('a template %s is left to whom it is for', (_, text) => {
      expect(readManifest(HEAD + text)).toMatchObject({ objects: [{ document: 1 }], unreadable: [] });
    });
  });

  describe('JSON', () => {
    test('names the line of a key that is there twice', () => {
      expect(reasonsOf('{\n  "apiVersion": "v1",\n  "kind": "Pod",\n  "spec": {"a": 1,\n "a": 2}\n}')).toEqual(['1: line 5: duplicate key a']);
    });

    test('the same key in another object is no duplicate', () => {
      expect(reasonsOf('{"apiVersion":"v1","kind":"Pod","a":{"b":1},"c":[{"b":1},{"b":2}],"b":3}')).toEqual([]);
    });

    test('with commas at the end or single quotes is read as YAML', () => {
      expect(objectOf("{'apiVersion': 'v1', kind: ConfigMap, metadata: {name: a,},}")).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    });
  });

  describe('lines', () => {
    const YAML = `# licence\n---\napiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: &m\n      name: a\n    spec:\n      containers:\n        - name: x\n        - name: y\n          securityContext:\n            privileged: true\n  - kind: Pod\n    apiVersion: v1\n    metadata: { <<: *m, labels: {} }\n`;

    test.each([
      [0, [], 6],
      [0, ['spec', 'containers', 1], 13],
      [0, ['spec', 'containers', 1, 'securityContext', 'privileged'], 15],
      [0, ['spec', 'containers', 0, 'securityContext', 'privileged'], 12],
      [0, ['status'], 6],
      [1, [], 16],
      [1, ['metadata', 'labels'], 18],
      [1, ['metadata', 'name'], 9],
    ])('object %i has %j on line %i of the YAML', (object, path, line) => {
      expect(readManifest(YAML).objects[object]?.lineOf(path)).toBe(line);
    });

    const JSON_LIST = '{\n  "kind": "List", "apiVersion": "v1",\n  "metadata": {"items": [1,\n 2]},\n  "items": [\n    {"apiVersion": "v1", "kind": "Pod",\n      "metadata": {"name": "items"},\n      "spec": {"containers": [\n        {"name": "a"},\n        {"name": "b",\n         "image": "x"}]}},\n    {"apiVersion": "v1",\n      "kind": "Pod", "spec":\n      {}}\n  ]\n}';

    test.each([
      [0, [], 6],
      [0, ['spec', 'containers', 1, 'image'], 11],
      [0, ['spec', 'containers', 0, 'image'], 9],
      [0, ['spec', 'nothing'], 8],
      [1, [], 12],
      [1, ['spec'], 13],
    ])('object %i has %j on line %i of the JSON', (object, path, line) => {
      expect(readManifest(JSON_LIST).objects[object]?.lineOf(path)).toBe(line);
    });

    test('count through all documents of the file', () => {
      const { objects } = readManifest(`${HEAD}---\n${HEAD}---\n{"apiVersion": "v1",\n"kind": "Pod"}\n{"apiVersion": "v1", "kind": "Pod"}\n`);

      expect(objects.map(({ lineOf }) => lineOf(['kind']))).toEqual([2, 6, 10, 11]);
    });
  });

  test('reads the resources of a Terraform plan, with their lines', () => {
    const plan = '{"terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[\n{"address":"a_b.c","mode":"managed","type":"a_b","name":"c","values":{\n"d":1}}]}}}';

    const { objects, terraform } = readManifest(plan);

    expect(terraform).toBe(false);
    expect(objects).toMatchObject([{ address: 'a_b.c', document: 1, object: { kind: 'a_b', metadata: { name: 'c' }, values: { d: 1 } } }]);
    expect(objects[0]?.lineOf(['d'])).toBe(3);
    expect(objects[0]?.lineOf(['absent'])).toBe(2);
  });

  test('says when it met a state file of Terraform', () => {
    expect(readManifest('{"version":4,"terraform_version":"1.9.0","resources":[]}')).toMatchObject({ objects: [], unreadable: [], terraform: true });
  });

  test('a YAML document of more than 8 MiB is given up with advice', () => {
    expect(reasonsOf(`${HEAD}data: "${'x'.repeat(8 * 1024 * 1024)}"\n`)).toEqual(['1: one YAML document of more than 8 MiB; as JSON it would be read']);
  });
});
