import { isObject, type RawObject, type Step } from '#src/model/raw.ts';
import type { ParsedFile } from './parse.ts';

/** A block of a configuration and where it stands. */
export interface Block {
  /** `resource`, `aws_instance`, `web` for a resource; `module`, `cluster` for a call. */
  readonly labels: readonly string[];
  readonly name: string;
  /** Its first type label; of a resource its type. */
  readonly type: string;
  readonly body: RawObject;
  readonly file: string;
  /** The line of a path within it, from 1. */
  readonly lineOf: (path: readonly Step[]) => number;
}

/** What the files of one folder say together. */
export interface Configuration {
  readonly resources: readonly Block[];
  /** The first resource of each `type.name`. */
  readonly resourceAt: ReadonlyMap<string, Block>;
  readonly calls: readonly Block[];
  readonly variables: readonly Block[];
  readonly outputs: readonly Block[];
  readonly providers: readonly Block[];
  /** Of all `required_providers`, by local name. */
  readonly required: readonly Block[];
  /** Raw, by name. */
  readonly locals: ReadonlyMap<string, unknown>;
}

/** Joins the files of a folder. */
export function configurationOf(files: readonly ParsedFile[]): Configuration {
  const blocks = (type: string) => files.flatMap((file) => [...named(file, [type], file.content[type])]);
  const resources = files.flatMap((file) => [...typed(file)]);
  return {
    resources,
    resourceAt: new Map(resources.toReversed().map((block) => [`${block.type}.${block.name}`, block])),
    calls: blocks('module'),
    variables: blocks('variable'),
    outputs: blocks('output'),
    providers: blocks('provider'),
    required: files.flatMap((file) => [...requiredProviders(file)]),
    locals: new Map(files.flatMap((file) => bodiesOf(file.content.locals).flatMap((body) => Object.entries(body)))),
  };
}

function* typed(file: ParsedFile): Generator<Block> {
  for (const types of bodiesOf(file.content.resource)) for (const [type, names] of Object.entries(types)) yield* named(file, ['resource', type], names);
}

/** The blocks of an object by name; JSON syntax has one body or a list of bodies for each. */
function* named(file: ParsedFile, prefix: readonly string[], value: unknown): Generator<Block> {
  for (const names of bodiesOf(value)) {
    for (const [name, bodies] of Object.entries(names)) {
      const labels = [...prefix, name];
      for (const [occurrence, body] of bodiesOf(bodies).entries()) {
        yield { labels, type: prefix[1] ?? prefix[0] ?? '', name, body, file: file.name, lineOf: (path) => file.lineOf(labels, path, occurrence) };
      }
    }
  }
}

function* requiredProviders(file: ParsedFile): Generator<Block> {
  for (const settings of bodiesOf(file.content.terraform)) {
    for (const providers of bodiesOf(settings.required_providers)) {
      for (const [name, value] of Object.entries(providers)) {
        const body = isObject(value) ? value : { source: name, version: value };
        yield { labels: ['terraform'], type: 'required_provider', name, body, file: file.name, lineOf: () => file.lineOf(['terraform'], ['required_providers', 0, name], 0) };
      }
    }
  }
}

/** One body or several, as HCL and JSON write them. */
export function bodiesOf(value: unknown): readonly RawObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}
