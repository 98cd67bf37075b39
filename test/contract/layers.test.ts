import { describe, expect, test } from '@jest/globals';
import { cycleAmong, importsIn, importsOf, sourceFiles, type Import } from '#test/build/imports.ts';

interface Layer {
  /** Folders, and single files of `src`, whose code it may load besides its own. */
  readonly may?: readonly string[];
  /** The same for packages. `node:*` stands for everything of Node. */
  readonly packages?: readonly string[];
  /** Of these it may know the types besides. */
  readonly types?: readonly string[];
}

const MODEL = ['src/model'];
const NODE = 'node:*';

/** Who may import what. One direction: the process, what joins everything, adapters and features, the model. */
const LAYERS: Readonly<Record<string, Layer>> = {
  'src/model': { packages: ['zod', 'yaml', 'leven', 'node:crypto', 'node:util'], types: ['src/blocks'] },
  'src/clock.ts': { types: MODEL },
  'src/log.ts': { may: MODEL, packages: ['pino'] },
  'src/blocks': { may: MODEL, types: ['@slack/types'] },

  // Judgements: no clock, no network, no files, no log.
  'src/stock': { may: MODEL },
  'src/network': { may: MODEL, packages: ['ipaddr.js'] },
  'src/facts': { may: [...MODEL, 'src/network', 'src/stock'] },
  'src/checks': { may: [...MODEL, 'src/facts', 'src/network'] },
  // Units before what runs them: the first that fits counts.
  'src/events/detections': { may: [...MODEL, 'src/network'] },
  'src/events/sources': { may: [...MODEL, 'src/network'], packages: ['node:crypto', 'node:zlib', 'zod'] },
  'src/events': { may: [...MODEL, 'src/events/sources', 'src/network'], packages: ['node:crypto'] },
  'src/connections': { may: [...MODEL, 'src/network'], packages: ['node:crypto'] },
  'src/scan': { may: [...MODEL, 'src/network', 'src/stock'], packages: ['node:crypto'] },
  'src/report': { may: [...MODEL, 'src/scan'], packages: ['pdfkit'] },
  'src/map': { may: [...MODEL, 'src/network', 'src/scan'], packages: ['@viz-js/viz', '@resvg/resvg-js', 'node:timers/promises', 'node:url'] },
  'src/iac': { may: MODEL, packages: ['yaml', '@cdktf/hcl2json', 'node:child_process', 'node:fs', 'node:os', 'node:fs/promises', 'node:path', 'node:stream', 'node:zlib'] },
  'src/node-files': { may: MODEL, packages: ['node:fs/promises', 'node:path'], types: ['node:fs'] },
  'src/repositories': { may: [...MODEL, 'src/people'], packages: ['zod'] },

  // What a person asks, what runs by itself, what people read.
  templates: { may: [...MODEL, 'src/blocks'], types: ['@slack/types'] },
  jobs: { may: [...MODEL, 'src/connections', 'src/iac', 'src/map', 'src/people', 'src/scan', 'templates'], packages: ['zod'] },
  commands: { may: [...MODEL, 'src/connections', 'src/people', 'src/report', 'src/scan', 'templates'], packages: ['zod', 'node:crypto'] },
  'src/approvals': { may: [...MODEL, 'src/connections', 'src/enforcement', 'src/people'], packages: ['zod', 'node:crypto'] },
  'src/asked': { may: [...MODEL, 'src/network'], packages: ['node:crypto'] },
  'src/outbox': { may: [...MODEL, 'src/blocks'], types: ['@slack/types'] },
  'src/access': { may: MODEL },
  // Changes, over a cluster that is given.
  'src/actions': { may: MODEL, packages: ['zod', 'node:crypto', 'node:timers/promises'] },
  'src/enforcement': { may: [...MODEL, 'src/actions', 'src/facts', 'src/network'], packages: ['yaml', 'node:crypto'] },
  'src/people': { may: [...MODEL, 'src/checks', 'src/facts'], packages: ['zod', 'csv-parse/sync', 'jose', 'ldapts', 'yaml', NODE] },

  // Adapters: each alone knows its SDK.
  'src/config': { may: [...MODEL, 'src/connections'], packages: ['zod', 'yaml', 'node-cron', 'node:fs', 'node:path'] },
  'src/slack': { may: [...MODEL, 'src/blocks', 'src/outbox', 'templates'], packages: ['@slack/bolt', '@slack/web-api', NODE], types: ['@slack/types', 'src/config'] },
  'src/kube': { may: MODEL, packages: ['@kubernetes/client-node', NODE], types: ['src/config'] },
  'src/queue': { may: MODEL, packages: ['bullmq', 'node-cron'], types: ['ioredis'] },
  'src/event-logs': { may: [...MODEL, 'src/people'], packages: ['zod', 'jose', 'aws4fetch', '@grpc/grpc-js', '@grpc/proto-loader', NODE] },
  'src/store': { may: MODEL, packages: ['ioredis', NODE] },
  'src/http': { may: MODEL, packages: [NODE] },

  // Stand-ins: never the SDK of what they stand in for.
  'src/sandbox/slack': { may: [...MODEL, 'src/blocks'], packages: ['ws', 'selfsigned', NODE] },
  'src/sandbox/kube': { may: MODEL, packages: ['yaml', 'ws', 'selfsigned', NODE] },
  'src/sandbox/redis': { packages: ['js-redis-server/core', NODE] },
  'src/sandbox/demo': { may: MODEL, packages: ['yaml', NODE] },

  // What joins everything, and the process.
  'src/app': {
    may: [...MODEL, 'src/access', 'src/actions', 'src/approvals', 'src/asked', 'src/blocks', 'src/checks', 'src/config', 'src/connections', 'src/enforcement', 'src/event-logs', 'src/events', 'src/events/detections', 'src/kube', 'src/outbox', 'src/people', 'src/queue', 'src/repositories', 'src/scan', 'src/slack', 'src/store', 'src/http', 'commands', 'jobs', 'templates', 'src/sandbox/slack', 'src/sandbox/kube', 'src/sandbox/redis', 'src/sandbox/demo'],
    packages: ['@slack/web-api', NODE],
    types: ['@slack/bolt', 'ioredis', 'src/app.ts'],
  },
  'src/app.ts': { may: [...MODEL, 'src/access', 'src/app', 'src/config', 'src/queue', 'src/slack', 'src/store'], packages: [NODE], types: ['ioredis'] },
  'src/cli': { may: [...MODEL, 'src/app', 'src/app.ts', 'src/checks', 'src/clock.ts', 'src/config', 'src/events', 'src/events/detections', 'src/events/sources', 'src/http', 'src/iac', 'src/log.ts', 'src/map', 'src/network', 'src/node-files', 'src/report', 'src/scan', 'src/store'], packages: ['zod', NODE] },
  'src/cli.ts': { may: ['src/cli'] },
};

/** The page of the sandbox is a program of its own, for a browser. */
const files = sourceFiles(['src', 'commands', 'jobs', 'templates'], /^src\/sandbox\/web\//);
const imports = files.flatMap(importsOf);

describe('layers', () => {
  test('every folder has its place', () => {
    expect(files.filter((file) => layerOf(file) === undefined)).toEqual([]);
  });

  test('nobody imports what is not below', () => {
    expect(imports.filter((one) => !isAllowed(one)).map(({ file, target, isTypeOnly }) => `${file} → ${target}${isTypeOnly ? ' (type)' : ''}`)).toEqual([]);
  });

  test('no entry of the table is for nothing', () => {
    expect(Object.keys(LAYERS).filter((layer) => !files.some((file) => layerOf(file) === layer))).toEqual([]);
    const unused = Object.entries(LAYERS).flatMap(([layer, { may = [] }]) => may.filter((other) => !isUsed(layer, other)).map((other) => `${layer} → ${other}`));
    // Adapters and features may use all of these, whether or not each does so today.
    expect(unused.filter((pair) => !/^(src\/app|jobs|commands|src\/http|src\/sandbox\/\w+) → /.test(pair))).toEqual([]);
  });

  test('no file loads itself by way of others', () => {
    expect(cycleAmong(imports)).toBeUndefined();
  });

  test('nothing imports tests, and scripts import everything but tests', () => {
    const all = [...imports, ...sourceFiles(['scripts'], /^$/).flatMap(importsOf)];

    expect(all.filter(({ target }) => target.startsWith('test/')).map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  test('only what joins the parts knows the registries', () => {
    const knows = imports.filter(({ target }) => target.endsWith('index.gen.ts')).map(({ file }) => layerOf(file));

    expect([...new Set(knows)].sort()).toEqual(['src/app', 'src/cli']);
  });
});

describe('test/build/imports.ts', () => {
  test.each<[string, string, string, boolean, boolean]>([
    ['a static import', `import { a } from '#src/a.ts';`, 'src/a.ts', false, false],
    ['a default import beside types', `import a, { type B } from 'a';`, 'a', false, false],
    ['an import of everything', `import * as a from './a.ts';`, 'src/x/a.ts', false, false],
    ['a side effect', `import '../a.ts';`, 'src/a.ts', false, false],
    ['an import of nothing', `import {} from 'a';`, 'a', false, false],
    ['a re-export', `export { a } from 'a';`, 'a', false, false],
    ['a re-export of everything', `export * from 'a';`, 'a', false, false],
    ['a dynamic import', `const a = await import('node:fs');`, 'node:fs', false, true],
    ['a dynamic import deep inside', `function f() { return () => import('a'); }`, 'a', false, true],
    ['a dynamic import of who knows what', `await import(name);`, '(computed)', false, true],
    ['a require', `const a = require('a');`, 'a', false, true],
    ['an import of types', `import type { A } from 'a';`, 'a', true, false],
    ['an import of one type', `import { type A } from 'a';`, 'a', true, false],
    ['a re-export of types', `export type { A } from 'a';`, 'a', true, false],
    ['an import inside a type', `let a: import('a').A;`, 'a', true, false],
  ])('finds %s', (_name, text, target, isTypeOnly, isDynamic) => {
    expect(importsIn('src/x/y.ts', text)).toEqual([{ file: 'src/x/y.ts', target, isTypeOnly, isDynamic }]);
  });

  test('is not misled by texts and comments', () => {
    expect(importsIn('a.ts', `// import 'b';\nconst a = "import 'b'"; /* export * from 'c' */`)).toEqual([]);
  });

  test('finds a round, and only among what is loaded', () => {
    const one = (file: string, target: string, more: Partial<Import> = {}): Import => ({ file, target, isTypeOnly: false, isDynamic: false, ...more });

    expect(cycleAmong([one('a', 'b'), one('b', 'c'), one('c', 'b')])).toEqual(['b', 'c', 'b']);
    expect(cycleAmong([one('a', 'b'), one('b', 'a', { isTypeOnly: true })])).toBeUndefined();
    expect(cycleAmong([one('a', 'b'), one('b', 'a', { isDynamic: true })])).toBeUndefined();
    expect(cycleAmong([one('a', 'b'), one('a', 'c'), one('b', 'c')])).toBeUndefined();
  });
});

function layerOf(path: string): string | undefined {
  return Object.keys(LAYERS).find((layer) => path === layer || path.startsWith(`${layer}/`));
}

function isAllowed({ file, target, isTypeOnly }: Import): boolean {
  const own = layerOf(file);
  const { may = [], packages = [], types = [] } = LAYERS[own ?? ''] ?? {};
  const place = layerOf(target) ?? target;
  if (place === own) return true;
  const isNode = place.startsWith('node:') && packages.includes(NODE);
  return isNode || [...may, ...packages, ...(isTypeOnly ? types : [])].includes(place);
}

function isUsed(layer: string, other: string): boolean {
  return imports.some(({ file, target }) => layerOf(file) === layer && layerOf(target) === other);
}
