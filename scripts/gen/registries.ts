import { readdir } from 'node:fs/promises';
import { HEADER, type Generated } from './generated.ts';

/** Folder of units, what each unit's module exports, and the alias its folder is imported by. */
interface Registry {
  readonly folder: string;
  readonly unit: string;
  readonly name: string;
  /** Type of a unit and the module that exports it. */
  readonly type: readonly [name: string, module: string];
  /** Units are folders with this file in them; absent when each unit is one file. */
  readonly file?: string;
}

const REGISTRIES: readonly Registry[] = [
  { folder: 'src/checks', unit: 'check', name: 'checks', type: ['Check', '#src/model/check.ts'], file: 'check.ts' },
  { folder: 'src/events/detections', unit: 'detection', name: 'detections', type: ['Detection', '#src/model/detection.ts'], file: 'detection.ts' },
  { folder: 'commands', unit: 'command', name: 'commands', type: ['Command', '#src/model/command.ts'] },
  { folder: 'src/approvals/kinds', unit: 'kind', name: 'kinds', type: ['ApprovalKind', '#src/model/request.ts'] },
  { folder: 'jobs', unit: 'job', name: 'jobs', type: ['Job', '#src/model/job.ts'] },
  { folder: 'src/people/sources', unit: 'source', name: 'sources', type: ['PeopleSourceType', '#src/model/people.ts'] },
  { folder: 'templates', unit: 'template', name: 'templates', type: ['Template', '#src/model/outbox.ts'] },
];

/** The `index.gen.ts` of every folder of units. */
export async function registries(): Promise<readonly Generated[]> {
  return Promise.all(
    REGISTRIES.map(async (registry) => {
      const modules = await modulesOf(registry);
      const imports = modules.map((module) => `import { ${registry.unit} as ${identifier(module)} } from './${module}';`);
      const entries = modules.map((module) => `  ${identifier(module)},`);
      const [type, source] = registry.type;
      const text = [
        `// ${HEADER}`,
        `import type { ${type} } from '${source}';`,
        ...imports,
        '',
        `export const ${registry.name}: readonly ${type}[] = [`,
        ...entries,
        '];',
        '',
      ].join('\n');
      return { path: `${registry.folder}/index.gen.ts`, text };
    }),
  );
}

async function modulesOf({ folder, file }: Registry): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .map((entry) => entry.replaceAll('\\', '/'))
    .filter((entry) => (file === undefined ? /^[a-z0-9-]+\.ts$/.test(entry) : entry.endsWith(`/${file}`)))
    .sort();
}

/** `access/wildcard-rules/check.ts` → `accessWildcardRules`. */
function identifier(module: string): string {
  const words = module.replace(/(\/(check|detection))?\.ts$/, '').split(/[/-]/);
  return words.map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1))).join('');
}
