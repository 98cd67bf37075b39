import { describe, expect, test } from '@jest/globals';
import { planResources } from '#src/iac/terraform/plan.ts';
import { UNRESOLVED, type RawObject } from '#src/model/raw.ts';

function resource(address: string, values: unknown, more: RawObject = {}): RawObject {
  const [type, name] = address.split('.').slice(-2);
  return { address, mode: 'managed', type, name, values, ...more };
}

function read(document: RawObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(planResources(document, () => 1).map(({ address, values }) => [address, values]));
}

describe('src/iac/terraform/plan.ts', () => {
  test('reads the resources of all modules, and no data sources', () => {
    const child = { address: 'module.m', resources: [resource('module.m.a_b.x[0]', { v: 2 })], child_modules: [{ resources: [resource('module.m.module.n.a_b.y', { v: 3 })] }] };
    const root = { resources: [resource('a_b.x', { v: 1 }), { ...resource('data.a_b.z', {}), mode: 'data' }], child_modules: [child] };

    expect(read({ planned_values: { root_module: root } })).toEqual({ 'a_b.x': { v: 1 }, 'module.m.a_b.x[0]': { v: 2 }, 'module.m.module.n.a_b.y': { v: 3 } });
    expect(read({ values: { root_module: root } })).toMatchObject({ 'a_b.x': { v: 1 } });
  });

  test('what is known later and what is sensitive is not known', () => {
    const values = { size: 1, password: 'hunter2', rules: [{ port: 22, cidr: '10.0.0.0/8' }], tags: { a: 'b' } };
    const planned = resource('a_b.x', values, { sensitive_values: { password: true, rules: [{ cidr: true }] } });
    const changes = [{ address: 'a_b.x', change: { after_unknown: { id: true, rules: [{ port: true }, true], tags: {} } } }];

    expect(read({ planned_values: { root_module: { resources: [planned] } }, resource_changes: changes })).toEqual({
      'a_b.x': { size: 1, password: UNRESOLVED, rules: [{ port: UNRESOLVED, cidr: UNRESOLVED }, UNRESOLVED], tags: { a: 'b' }, id: UNRESOLVED },
    });
  });

  test('takes from the configuration who refers to whom, in the same module', () => {
    const configuration = {
      root_module: {
        resources: [{ address: 'a_c.y', expressions: { of: { references: ['a_b.x.id', 'a_b.x'] } } }],
        module_calls: { m: { module: { resources: [{ address: 'a_c.y', expressions: { of: { references: ['a_b.x[0].id', 'a_b.x[0]'] } } }] } } },
      },
    };
    const root = { resources: [resource('a_b.x', {}), resource('a_c.y', { n: 1 })], child_modules: [{ resources: [resource('module.m["k"].a_b.x[0]', {}), resource('module.m["k"].a_c.y', { n: 2 })] }] };
    const found = planResources({ planned_values: { root_module: root }, configuration }, () => 1);

    expect(found.map(({ attached }) => attached.map(({ values }) => values))).toEqual([[{ n: 1 }], [], [{ n: 2 }], []]);
  });

  test.each([[{}], [{ planned_values: 1 }], [{ planned_values: { root_module: { resources: [null, 1, {}, { address: 'x' }], child_modules: [null, 'x'] } } }], [{ planned_values: {}, resource_changes: [null, 1], configuration: { root_module: { resources: [1], module_calls: { a: 1 } } } }]])(
    'survives %j',
    (document) => {
      expect(read(document)).toEqual({});
    },
  );

  test('stops at modules in modules without end', () => {
    let module: RawObject = { resources: [resource('a_b.deep', {})] };
    for (let depth = 0; depth < 400; depth += 1) module = { child_modules: [module] };

    expect(read({ planned_values: { root_module: module } })).toEqual({});
  });
});
