import { posix } from 'node:path';
import { UNRESOLVED } from '#src/model/raw.ts';
import { argumentsOf, valueOf } from './body.ts';
import { bodiesOf, type Block, type Configuration } from './config.ts';
import type { Scope } from './evaluate.ts';
import { countInstance, MAX_MODULE_DEPTH, TooMuch, type Limits } from './limits.ts';
import { isRepeated, keySuffix, ONCE, repeatsOf, type Repeat } from './repeat.ts';
import { EvaluationFault, filledIn, Lazy, type Value } from './value.ts';

/** A block with its values, as often as it counts. */
export interface Instance {
  /** With the module it is in and its key, as far as they are known. */
  readonly address: string;
  readonly block: Block;
  readonly values: Value;
}

/** All folders of a scan, by name. */
export interface Folders {
  readonly configurations: ReadonlyMap<string, Configuration>;
  readonly limits: Limits;
  /** Folders that were used, by any configuration, as a root or as a module. */
  readonly used: Set<string>;
}

type Inputs = (variable: string) => Value | undefined;

/** What a provider fills in when a configuration leaves it out, and which is never empty. */
const IDENTIFYING = /^(?:id|arn|name|self_link|fqdn|key_id|.*_(?:id|arn|link|name))$/;

/** A folder as a root or as a module: its names, and the resources that it stands for. */
export class Module {
  private readonly folders: Folders;
  private readonly folder: string;
  private readonly configuration: Configuration;
  /** Empty for a root, else like `module.cluster.`. */
  private readonly prefix: string;
  private readonly inputs: Inputs;
  private readonly depth: number;
  private readonly known = new Map<string, Value>();
  private readonly children = new Map<string, Module>();
  private readonly repeats = new Map<Block, readonly Repeat[]>();

  constructor(folders: Folders, folder: string, configuration: Configuration, inputs: Inputs, prefix = '', depth = 0) {
    this.folders = folders;
    this.folder = folder;
    this.configuration = configuration;
    this.prefix = prefix;
    this.inputs = inputs;
    this.depth = depth;
    folders.used.add(folder);
  }

  /** Its resources and everything else that is judged, then those of the modules in it; one list for each. @throws {TooMuch} */
  *instances(): Generator<readonly Instance[]> {
    const { resources, calls, providers, required, variables } = this.configuration;
    const once = (block: Block, address: string): Instance => this.instance(block, `${this.prefix}${address}`, this.scope());
    yield [
      ...resources.flatMap((block) => this.resourceInstances(block)),
      ...calls.map((block) => once(block, `module.${block.name}`)),
      ...providers.map((block) => once(block, `provider.${block.name}`)),
      ...required.map((block) => once(block, `provider.${block.name}`)),
      ...variables.map((block) => once(block, `var.${block.name}`)),
    ];
    for (const call of calls) {
      for (const repeat of this.repeatsOf(call)) {
        const child = this.child(call, repeat);
        if (child !== undefined) yield* child.instances();
      }
    }
  }

  private resourceInstances(block: Block): readonly Instance[] {
    return this.repeatsOf(block).map((repeat) => this.instance(block, `${this.prefix}${block.type}.${block.name}${keySuffix(repeat)}`, this.scope(repeat)));
  }

  /** Looked for once; a number or keys that need themselves are not known. */
  private repeatsOf(block: Block): readonly Repeat[] {
    const known = this.repeats.get(block);
    if (known !== undefined) return known;
    this.repeats.set(block, [ONCE]);
    const repeats = repeatsOf(block.body, this.scope());
    this.repeats.set(block, repeats);
    return repeats;
  }

  private instance(block: Block, address: string, scope: Scope): Instance {
    countInstance(this.folders.limits);
    return { address, block, values: argumentsOf(block.body, scope) };
  }

  private scope(repeat?: Repeat): Scope {
    return {
      budget: this.folders.limits.budget,
      name: (name) => {
        if (name === 'each' || name === 'count') return repeat?.[name] ?? UNRESOLVED;
        return this.named(name);
      },
    };
  }

  private named(name: string): Value {
    switch (name) {
      case 'var':
        return new Lazy((variable) => this.once(`var.${variable}`, () => this.variable(String(variable))));
      case 'local':
        return new Lazy((local) => this.once(`local.${local}`, () => this.local(String(local))));
      case 'module':
        return new Lazy((call) => this.moduleValue(String(call)));
      case 'data':
        return new Lazy((type) => new Lazy((data) => attributesOf(`data.${type}.${data}`)));
      default:
        // Every resource type has its provider's name before it.
        return name.includes('_') ? new Lazy((resource) => this.resource(name, String(resource))) : UNRESOLVED;
    }
  }

  /** Evaluated when first asked for; one that needs itself is not known. */
  private once(key: string, evaluate: () => Value): Value {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, UNRESOLVED);
    const value = evaluate();
    this.known.set(key, value);
    return value;
  }

  private variable(name: string): Value {
    const input = this.inputs(name);
    if (input !== undefined) return input;
    const block = this.configuration.variables.find((variable) => variable.name === name);
    return block !== undefined && Object.hasOwn(block.body, 'default') ? valueOf(block.body.default, this.scope()) : UNRESOLVED;
  }

  private local(name: string): Value {
    return this.configuration.locals.has(name) ? valueOf(this.configuration.locals.get(name), this.scope()) : UNRESOLVED;
  }

  private resource(type: string, name: string): Value {
    const block = this.configuration.resourceAt.get(`${type}.${name}`);
    const address = `${this.prefix}${type}.${name}`;
    if (block === undefined) return attributesOf(address);
    const single = this.attributes(block, address);
    if (!isRepeated(block.body)) return single;
    const repeats = this.repeatsOf(block);
    const isKnown = repeats.every(({ key }) => key !== undefined);
    return new Lazy(
      (step) => {
        const repeat = repeats.find(({ key }) => key === step);
        if (repeat !== undefined) return this.attributes(block, `${address}${keySuffix(repeat)}`, repeat);
        if (isKnown) throw new EvaluationFault('no such instance');
        return attributesOf(address);
      },
      () => (isKnown ? repeats.map((repeat) => this.attributes(block, `${address}${keySuffix(repeat)}`, repeat)) : undefined),
    );
  }

  /** What is written of a resource, else what its provider surely fills in. */
  private attributes(block: Block, address: string, repeat?: Repeat): Lazy {
    const filled = attributesOf(address);
    const here: Lazy = new Lazy(
      (attribute) => {
        const name = String(attribute);
        if (bodiesOf(block.body.dynamic).some((made) => name in made)) return UNRESOLVED;
        if (!Object.hasOwn(block.body, name)) return filled.get(name);
        return this.once(`${address}.${name}`, () => valueOf(block.body[name], this.scope(repeat)));
      },
      () => [here],
    );
    return here;
  }

  private moduleValue(name: string): Value {
    const call = this.configuration.calls.find((block) => block.name === name);
    if (call === undefined) return UNRESOLVED;
    const repeats = this.repeatsOf(call);
    const outputs = (repeat: Repeat) => new Lazy((output) => this.child(call, repeat)?.output(String(output)) ?? UNRESOLVED);
    const [only] = repeats;
    if (!isRepeated(call.body)) return only === undefined ? UNRESOLVED : outputs(only);
    return new Lazy(
      (step) => {
        const repeat = repeats.find(({ key }) => key === step);
        return repeat === undefined ? UNRESOLVED : outputs(repeat);
      },
      () => (repeats.every(({ key }) => key !== undefined) ? repeats.map(outputs) : undefined),
    );
  }

  private output(name: string): Value {
    const block = this.configuration.outputs.find((output) => output.name === name);
    return block === undefined ? UNRESOLVED : this.once(`output.${name}`, () => valueOf(block.body.value, this.scope()));
  }

  /** The module that a call names, when its folder is among those scanned. */
  private child(call: Block, repeat: Repeat): Module | undefined {
    const folder = calledFolder(this.folder, call);
    const configuration = folder === undefined ? undefined : this.folders.configurations.get(folder);
    if (folder === undefined || configuration === undefined) return undefined;
    const prefix = `${this.prefix}module.${call.name}${keySuffix(repeat)}.`;
    const known = this.children.get(prefix);
    if (known !== undefined) return known;
    if (this.depth >= MAX_MODULE_DEPTH) throw new TooMuch(`its modules are more than ${MAX_MODULE_DEPTH} levels deep`);
    countInstance(this.folders.limits);
    const inputs: Inputs = (variable) => (Object.hasOwn(call.body, variable) ? valueOf(call.body[variable], this.scope(repeat)) : undefined);
    const child = new Module(this.folders, folder, configuration, inputs, prefix, this.depth + 1);
    this.children.set(prefix, child);
    return child;
  }
}

/** The folder that a call names, when it names one beside it. */
export function calledFolder(folder: string, call: Block): string | undefined {
  const { source } = call.body;
  return typeof source === 'string' && /^\.\.?(?:\/|$)/.test(source) ? posix.join(folder, source).replace(/(?<=.)\/$/, '') : undefined;
}

/** A resource or data source of which nothing is written. */
function attributesOf(address: string): Lazy {
  const here: Lazy = new Lazy(
    (attribute) => {
      if (typeof attribute === 'number') return here;
      return IDENTIFYING.test(attribute) ? filledIn(address, attribute) : UNRESOLVED;
    },
    () => undefined,
  );
  return here;
}
