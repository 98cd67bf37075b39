import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { AREAS } from '#src/model/finding.ts';

// Writes a new unit with blanks to fill: `npm run new check access/some-problem`.

const USAGE = `usage: npm run new check <area>/<slug> | command <verb> | job <name> | template <name>
  areas: ${AREAS.join(', ')}
Fill the blanks (…), then: npm run gen, npm test`;

type Scaffold = (name: string) => Readonly<Record<string, string>>;

const SCAFFOLDS: Readonly<Record<string, { readonly name: RegExp; readonly files: Scaffold }>> = {
  check: { name: new RegExp(`^(${AREAS.join('|')})/[a-z0-9]+(-[a-z0-9]+)*$`), files: check },
  command: { name: /^[a-z]+$/, files: command },
  job: { name: /^[a-z]+(-[a-z]+)+$/, files: job },
  template: { name: /^[a-z]+(-[a-z]+)*$/, files: template },
};

function check(id: string): Readonly<Record<string, string>> {
  const [area = ''] = id.split('/');
  return {
    [`src/checks/${id}/check.ts`]: `import { defineWorkloadCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';

/** Reports each …. */
export const check = defineWorkloadCheck({
  id: '${id}',
  title: '… (the healthy state)',
  severity: 'medium',
  tips: [${AREAS.findIndex((known) => known === area) + 1}],
  why: '… .',
  fix: '… .',
  sources: [],
  *judge(pod) {
    if (booleanAt(pod.spec, '…') !== true) return;
    yield { path: [...pod.path, '…'], message: '…' };
  },
});
`,
    [`src/checks/${id}/examples.yaml`]: `title: … that is found
finds: [Pod/api]
objects:
  - apiVersion: v1
    kind: Pod
    metadata: { name: api, namespace: shop }
    spec: {}
---
title: … that is nearly the same and is not found
finds: []
objects:
  - apiVersion: v1
    kind: Pod
    metadata: { name: api, namespace: shop }
    spec: {}
`,
  };
}

function command(name: string): Readonly<Record<string, string>> {
  return {
    [`commands/${name}.ts`]: `import { defineCommand } from '#src/model/command.ts';
import { template as notice } from '#templates/notice.ts';

/** …. */
export const command = defineCommand({
  name: '${name}',
  usage: '${name}',
  summary: '….',
  examples: ['${name}'],
  access: 'viewer',
  maxWords: 0,
  flags: {},
  run(_args, _caller, services) {
    return Promise.resolve({ message: notice.render({ text: '…' }, services) });
  },
});
`,
  };
}

function job(name: string): Readonly<Record<string, string>> {
  return {
    [`jobs/${name}.ts`]: `import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';

/** …. */
export const job = defineJob({
  name: '${name}',
  summary: '….',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 60_000,
  repeat: '… (why a repeat from the beginning has no second effect).',
  async run(_payload, services, { signal }) {
    …
  },
});
`,
  };
}

function template(name: string): Readonly<Record<string, string>> {
  return {
    [`templates/${name}.ts`]: `import { message, section } from '#src/blocks/build.ts';
import { md, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

/** …. */
export const template = defineTemplate<{ readonly text: string }>({
  name: '${name}',
  summary: '….',
  samples: { plain: { text: '…' } },
  render: ({ text }) => message(text, [section(md\`\${sentence(text)}\`)]),
});
`,
  };
}

const { positionals } = parseArgs({ allowPositionals: true });
const [kind = '', name = ''] = positionals;
const scaffold = Object.hasOwn(SCAFFOLDS, kind) ? SCAFFOLDS[kind] : undefined;
if (!scaffold?.name.test(name)) {
  console.error(USAGE);
  process.exit(2);
}
const files = Object.entries(scaffold.files(name));
const taken = files.map(([path]) => path).filter((path) => existsSync(path));
if (taken.length > 0) {
  console.error(`There is already ${taken.join(', ')}.`);
  process.exit(1);
}
for (const [path, text] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
console.log(`Written: ${files.map(([path]) => path).join(', ')}. Fill the blanks (…), then: npm run gen, npm test`);
