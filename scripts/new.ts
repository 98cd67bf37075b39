import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { AREAS } from '#src/model/finding.ts';

// Writes a new unit with blanks to fill: `npm run new check access/some-problem`.

const USAGE = `usage: npm run new check <area>/<slug> | detection <area>/<slug> | command <verb> | job <name> | template <name> | people-source <system> | kind <name>
  areas: ${AREAS.join(', ')}
Fill the blanks (…), then: npm run gen, npm test`;

type Scaffold = (name: string) => Readonly<Record<string, string>>;

const UNIT_ID = new RegExp(`^(${AREAS.join('|')})/[a-z0-9]+(-[a-z0-9]+)*$`);

const SCAFFOLDS: Readonly<Record<string, { readonly name: RegExp; readonly files: Scaffold }>> = {
  check: { name: UNIT_ID, files: check },
  detection: { name: UNIT_ID, files: detection },
  command: { name: /^[a-z]+$/, files: command },
  job: { name: /^[a-z]+(-[a-z]+)+$/, files: job },
  template: { name: /^[a-z]+(-[a-z]+)*$/, files: template },
  'people-source': { name: /^[a-z0-9]+(-[a-z0-9]+)*$/, files: peopleSource },
  kind: { name: /^[a-z]+(-[a-z]+)*$/, files: approvalKind },
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

function detection(id: string): Readonly<Record<string, string>> {
  const [area = ''] = id.split('/');
  return {
    [`src/events/detections/${id}/detection.ts`]: `import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';

/** Tells of each …. */
export const detection = defineDetection({
  id: '${id}',
  title: '… (what happened)',
  severity: 'medium',
  tips: [${AREAS.findIndex((known) => known === area) + 1}],
  why: '… .',
  fix: '… .',
  sources: [],
  audit: {
    resources: ['…'],
    verbs: ['…'],
    *judge(event) {
      if (event.outcome !== 'allowed') return;
      yield { message: \`\${userName(event)} … \${objectName(event)}\` };
    },
  },
});
`,
    [`src/events/detections/${id}/examples.yaml`]: `title: … that is told
finds: [Pod/api-0]
events:
  - verb: create
    requestURI: /api/v1/namespaces/shop/pods
    user: { username: jo@corp.example }
    objectRef: { resource: pods, namespace: shop, name: api-0, apiVersion: v1 }
    responseStatus: { code: 201 }
---
title: … that is nearly the same and is not told
finds: []
events:
  - verb: get
    requestURI: /api/v1/namespaces/shop/pods/api-0
    user: { username: jo@corp.example }
    objectRef: { resource: pods, namespace: shop, name: api-0, apiVersion: v1 }
    responseStatus: { code: 200 }
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

function peopleSource(name: string): Readonly<Record<string, string>> {
  return {
    [`src/people/sources/${name}.ts`]: `import { z } from 'zod';
import { definePeopleSource, type Person } from '#src/model/people.ts';
import { openApi } from './support/api.ts';
import { wholeList } from './support/list.ts';
import { addressShape, secretShape } from './support/settings.ts';

const TITLE = '… (the system’s own name)';
const RIGHTS = '… (the least right that it needs, as the system calls it)';

const userShape = z.object({ id: z.string().min(1), name: z.string(), email: z.string(), active: z.boolean() });
type User = z.infer<typeof userShape>;

const pageShape = z.object({ users: z.array(userShape), next: z.string().nullish() });

export const source = definePeopleSource({
  name: '${name}',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: ['… (what proves a departure, and what does not).'],
  settings: z.strictObject({ url: addressShape, token: secretShape }),
  example: { url: 'https://${name}.example.com', token: { env: '${name.toUpperCase().replaceAll('-', '_')}_TOKEN' } },
  create: ({ url, token }, name, deps) => ({
    name,
    type: '${name}',
    authority: 'identity-provider',
    async list(signal) {
      const api = openApi({ title: TITLE, address: url, rights: RIGHTS, headers: { authorization: \`Bearer \${await deps.secret(token)}\` }, deps, signal });
      const people: Person[] = [];
      for await (const { body } of api.pages('/users', pageShape, (answer) => answer.body.next ?? undefined)) people.push(...body.users.map(personOf));
      // Whether somebody who has left stays in the list with that state.
      return wholeList(TITLE, people, false);
    },
  }),
});

function personOf({ id, name, email, active }: User): Person {
  return { id, name, emails: [email], logins: [], kind: 'person', state: active ? 'active' : 'suspended', evidence: \`active: \${active}\` };
}
`,
  };
}

function approvalKind(name: string): Readonly<Record<string, string>> {
  return {
    [`src/approvals/kinds/${name}.ts`]: `import { z } from 'zod';
import type { Change } from '#src/model/plan.ts';
import { defineApprovalKind, NothingToPropose } from '#src/model/request.ts';

const subject = z.strictObject({ cluster: z.string() });

/** …. */
export const kind = defineApprovalKind<z.output<typeof subject>>({
  name: '${name}',
  summary: '….',
  subject,
  expiresAfterMs: 8 * 3600_000,
  approvals: { usual: 1, production: 2 },
  reasonNeeded: true,
  identity: ({ cluster }) => cluster,
  async propose({ cluster: name }, { clusters }, signal) {
    const cluster = await clusters.open(name, signal);
    try {
      const changes: Change[] = [];
      if (changes.length === 0) throw new NothingToPropose('… .');
      return {
        card: { header: '…', ask: '…', facts: [['Cluster', name]], effect: 'Would be …', approve: 'Review…', undo: 'Restore' },
        plan: { changes, stays: [], proofs: [], basis: [] },
        clusters: [name],
        namespaces: [],
        targets: [],
        sensitive: false,
      };
    } finally {
      cluster.close();
    }
  },
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
