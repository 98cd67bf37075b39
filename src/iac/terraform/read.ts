import { posix } from 'node:path';
import type { ManifestObject } from '../manifest.ts';
import type { DocumentFault } from '../fault.ts';
import { valueOf } from './body.ts';
import { configurationOf, type Configuration } from './config.ts';
import { createLimits, TooMuch } from './limits.ts';
import { calledFolder, Module, type Folders, type Instance } from './module.ts';
import { objectOf, type Attached } from './objects.ts';
import { parseTerraform, type ParsedFile } from './parse.ts';
import { isMap, settle, type Value } from './value.ts';

/** A Terraform file's text. */
export interface TerraformText {
  /** As it is printed, with `/`: files of one folder are one configuration. */
  readonly name: string;
  readonly text: string;
}

/** What a file holds, or why nothing of it can be judged. */
export type TerraformContent = { readonly objects: readonly ManifestObject[] } | DocumentFault;

type ObjectsByFile = ReadonlyMap<string, ManifestObject[]>;

const VARIABLES = /\.tfvars(?:\.json)?$/i;
/** The files of values that Terraform itself takes, later ones before earlier ones. */
const AUTOMATIC = /(?:^|\/)(?:terraform\.tfvars(?:\.json)?|[^/]*\.auto\.tfvars(?:\.json)?)$/i;

/**
 * Reads configurations, one for each folder; a file that is no HCL hides no other.
 *
 * A folder that another one calls as a module is judged there, with the values that it is given, and not by itself.
 */
export async function readTerraform(files: readonly TerraformText[], signal?: AbortSignal): Promise<ReadonlyMap<string, TerraformContent>> {
  const faults = new Map<string, DocumentFault>();
  const objects = new Map<string, ManifestObject[]>();
  const parsed: ParsedFile[] = [];
  for (const { name, text } of files) {
    signal?.throwIfAborted();
    const file = await parseTerraform(name, text);
    if ('reason' in file) {
      faults.set(name, file);
      continue;
    }
    objects.set(name, []);
    parsed.push(file);
  }
  const byFolder = Map.groupBy(parsed, ({ name }) => posix.dirname(name));
  const configurations = new Map([...byFolder].map(([folder, inside]) => [folder, configurationOf(inside.filter(({ name }) => !VARIABLES.test(name)))]));
  const used = new Set<string>();
  for (const folder of rootsFirst(configurations)) {
    if (!used.has(folder)) readFolder({ configurations, limits: createLimits(), used }, folder, byFolder.get(folder) ?? [], objects, faults);
  }
  return new Map(files.map(({ name }) => [name, faults.get(name) ?? { objects: objects.get(name) ?? [] }]));
}

/** Folders that nobody calls, then the others, which are judged by themselves where only each other call them. */
function rootsFirst(configurations: ReadonlyMap<string, Configuration>): readonly string[] {
  const called = new Set([...configurations].flatMap(([folder, { calls }]) => calls.map((call) => calledFolder(folder, call)).filter((other) => other !== folder)));
  const all = [...configurations.keys()];
  return [...all.filter((folder) => !called.has(folder)), ...all.filter((folder) => called.has(folder))];
}

function readFolder(folders: Folders, folder: string, files: readonly ParsedFile[], objects: ObjectsByFile, faults: Map<string, DocumentFault>): void {
  const configuration = folders.configurations.get(folder);
  if (configuration === undefined) return;
  const given = automaticValues(files, folders);
  try {
    for (const instances of new Module(folders, folder, configuration, (name) => given.get(name)).instances()) addObjects(instances, objects);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    for (const { name } of files) faults.set(name, { reason: error.message });
  }
}

function automaticValues(files: readonly ParsedFile[], { limits }: Folders): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const sources = files.filter(({ name }) => AUTOMATIC.test(name)).sort((a, b) => order(a.name) - order(b.name));
  for (const { content } of sources) {
    const known = valueOf(content, { budget: limits.budget, name: () => null });
    if (isMap(known)) for (const [name, value] of Object.entries(known)) values.set(name, value);
  }
  return values;
}

/** `terraform.tfvars` first, so that the others replace what it says; those are in the order of their names already. */
function order(name: string): number {
  return /(?:^|\/)terraform\.tfvars/i.test(name) ? 0 : 1;
}

/** All instances are of one module, so that they are what may refer to each other. */
function addObjects(instances: readonly Instance[], objectsOf: ObjectsByFile): void {
  const settled = instances.map(({ address, block, values }) => ({ address, block, type: block.type, values: settle(values) }));
  const attached = new Map<string, Attached[]>();
  for (const { block, type, values } of settled) {
    for (const key of new Set(namesIn(block.body))) {
      const known = attached.get(key);
      if (known === undefined) attached.set(key, [{ kind: type, values }]);
      else known.push({ kind: type, values });
    }
  }
  for (const { address, block, type, values } of settled) {
    const { name, file, lineOf } = block;
    objectsOf.get(file)?.push(objectOf({ address, type, name, values, lineOf, attached: attached.get(`${type}.${name}`) ?? [] }));
  }
}

/** The `type.name` of all that expressions name. */
function* namesIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.includes('${')) for (const [name] of value.matchAll(/(?<![\w.-])[a-z][a-z0-9]*_\w+\.[A-Za-z_][\w-]*/g)) yield name;
  } else if (typeof value === 'object' && value !== null) for (const entry of Object.values(value)) yield* namesIn(entry);
}
