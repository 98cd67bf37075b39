/** A list in brackets, or a word. */
type Node = string | readonly Node[];

const SECTIONS = { types: 1, functions: 3, memory: 5, globals: 6, exports: 7, code: 10 } as const;
const TYPES: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };
const NO_RESULT = 0x40;
const [BLOCK_END, ELSE] = [0x0b, 0x05];

/** Instructions whose operands stand within them. */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  unreachable: [0x00], return: [0x0f], drop: [0x1a], select: [0x1b],
  'i32.eqz': [0x45], 'i32.eq': [0x46], 'i32.ne': [0x47], 'i32.lt_u': [0x49], 'i32.gt_u': [0x4b], 'i32.le_u': [0x4d], 'i32.ge_u': [0x4f],
  'i64.eqz': [0x50], 'i32.ctz': [0x68], 'i32.add': [0x6a], 'i32.sub': [0x6b], 'i32.mul': [0x6c], 'i32.and': [0x71], 'i32.or': [0x72], 'i32.xor': [0x73], 'i32.shl': [0x74], 'i32.shr_u': [0x76],
  'i64.add': [0x7c], 'i64.sub': [0x7d], 'i64.and': [0x83], 'i64.or': [0x84], 'i64.xor': [0x85], 'i64.shl': [0x86], 'i64.shr_u': [0x88], 'i64.rotl': [0x89], 'i64.extend_i32_u': [0xad],
  'i8x16.eq': [0xfd, 0x23], 'i8x16.lt_u': [0xfd, 0x26], 'v128.and': [0xfd, 0x4e], 'v128.or': [0xfd, 0x50], 'v128.xor': [0xfd, 0x51], 'v128.any_true': [0xfd, 0x53], 'i8x16.bitmask': [0xfd, 0x64],
};
/** They may have an offset. The alignment is a hint, and 0 is always true. */
const MEMORY: Readonly<Record<string, readonly number[]>> = {
  'i32.load': [0x28], 'i64.load': [0x29], 'i32.load8_u': [0x2d], 'i32.store': [0x36], 'i64.store': [0x37], 'i32.store8': [0x3a], 'v128.load': [0xfd, 0x00], 'v128.store': [0xfd, 0x0b],
};
const NAMED: Readonly<Record<string, number>> = { 'local.get': 0x20, 'local.set': 0x21, 'local.tee': 0x22, 'global.get': 0x23, 'global.set': 0x24, br: 0x0c, br_if: 0x0d, call: 0x10 };

interface Signature {
  readonly name: string;
  readonly params: readonly string[];
  readonly results: readonly string[];
  /** Parameters first. */
  readonly locals: readonly (readonly [name: string, type: string])[];
  readonly exported: string | undefined;
  readonly body: readonly Node[];
}

/** What names stand for. */
interface Names {
  readonly functions: readonly string[];
  readonly globals: readonly string[];
  readonly locals: readonly string[];
  /** The innermost first. */
  readonly labels: readonly string[];
}

/**
 * The binary form of a WebAssembly module in text form.
 *
 * It knows what our module uses: one memory, globals of i32, functions, and instructions in brackets with their operands inside.
 *
 * @throws on anything else.
 */
export function assemble(text: string): Uint8Array {
  const [module, ...rest] = parse(text);
  if (!Array.isArray(module) || module[0] !== 'module' || rest.length > 0) throw new SyntaxError('not one module');
  const fields = module.slice(1) as readonly Node[];
  const of = (kind: string) => fields.filter((field): field is readonly Node[] => Array.isArray(field) && field[0] === kind);
  if (of('memory').length + of('global').length + of('func').length !== fields.length) throw new SyntaxError('neither memory, global nor func');
  const functions = of('func').map(signatureOf);
  const globals = of('global').map(([, name]) => word(name));
  const types = [...new Set(functions.map(typeKey))];
  const names = { functions: functions.map(({ name }) => name), globals };
  const exports = [...of('memory').map(([, as]) => [exportName(as) ?? '', 2, 0] as const), ...functions.flatMap(({ exported }, index) => (exported === undefined ? [] : [[exported, 0, index] as const]))];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(SECTIONS.types, types.map((type) => [0x60, ...type.split('>').flatMap((part) => list(part.split(' ').filter((one) => one !== '').map((one) => [typeOf(one)])))])),
    ...section(SECTIONS.functions, functions.map((one) => unsigned(types.indexOf(typeKey(one))))),
    ...section(SECTIONS.memory, of('memory').map((memory) => [0, ...unsigned(Number(word(memory.at(-1))))])),
    ...section(SECTIONS.globals, of('global').map((global) => [TYPES.i32 ?? 0, 1, ...instruction(global.at(-1) ?? '', { ...names, locals: [], labels: [] }), BLOCK_END])),
    ...section(SECTIONS.exports, exports.map(([name, kind, index]) => [...bytesOf(name), kind, ...unsigned(index)])),
    ...section(SECTIONS.code, functions.map((one) => codeOf(one, names))),
  ]);
}

/** Comments are left out. */
function parse(text: string): readonly Node[] {
  const open: Node[][] = [[]];
  for (const [token] of text.replace(/;;.*/g, '').matchAll(/[()]|"[^"]*"|[^\s()]+/g)) {
    if (token === '(') open.push([]);
    else if (token === ')') {
      const done = open.pop();
      if (done === undefined || open.length === 0) throw new SyntaxError('a bracket too many');
      open.at(-1)?.push(done);
    } else open.at(-1)?.push(token);
  }
  if (open.length !== 1) throw new SyntaxError('a bracket too few');
  return open[0] ?? [];
}

function signatureOf([, ...parts]: readonly Node[]): Signature {
  const exported = parts.map(exportName).find((name) => name !== undefined);
  const lists = parts.filter((part): part is readonly Node[] => typeof part !== 'string');
  const named = (kind: string) => lists.filter(([head]) => head === kind).map(([, name, type]) => [word(name), word(type)] as const);
  const params = named('param');
  return {
    name: typeof parts[0] === 'string' ? parts[0] : '',
    params: params.map(([, type]) => type),
    results: lists.filter(([head]) => head === 'result').map(([, type]) => word(type)),
    locals: [...params, ...named('local')],
    exported,
    body: lists.filter(([head]) => !['export', 'param', 'result', 'local'].includes(word(head))),
  };
}

function exportName(node: Node | undefined): string | undefined {
  return Array.isArray(node) && node[0] === 'export' ? word(node[1] as Node).slice(1, -1) : undefined;
}

function typeKey({ params, results }: Signature): string {
  return `${params.join(' ')}>${results.join(' ')}`;
}

function codeOf({ params, locals, body }: Signature, names: Pick<Names, 'functions' | 'globals'>): readonly number[] {
  const own = locals.slice(params.length).map(([, type]) => [1, typeOf(type)]);
  const inside = { ...names, locals: locals.map(([name]) => name), labels: [] };
  const code = [...list(own), ...body.flatMap((node) => instruction(node, inside)), BLOCK_END];
  return [...unsigned(code.length), ...code];
}

function instruction(node: Node, names: Names): readonly number[] {
  if (typeof node === 'string') throw new SyntaxError(`${node} stands alone`);
  const name = word(node[0]);
  const all = (nodes: readonly Node[]) => nodes.flatMap((one) => instruction(one, names));
  const plain = PLAIN[name];
  if (plain !== undefined) return [...all(node.slice(1)), ...plain];
  const memory = MEMORY[name];
  if (memory !== undefined) {
    const [, offset] = /^offset=(.+)$/.exec(typeof node[1] === 'string' ? node[1] : '') ?? [];
    return [...all(node.slice(offset === undefined ? 1 : 2)), ...memory, 0, ...unsigned(Number(offset ?? 0))];
  }
  const code = NAMED[name];
  if (code !== undefined) return [...all(node.slice(2)), code, ...unsigned(indexOf(name, word(node[1]), names))];
  switch (name) {
    case 'i32.const':
      return [0x41, ...signed(BigInt.asIntN(32, integer(node[1])))];
    case 'i64.const':
      return [0x42, ...signed(BigInt.asIntN(64, integer(node[1])))];
    case 'v128.const':
      return [0xfd, 0x0c, ...node.slice(2).flatMap((half) => Array.from({ length: 8 }, (_, index) => Number((integer(half) >> BigInt(8 * index)) & 0xffn)))];
    case 'loop':
      return [0x03, NO_RESULT, ...node.slice(2).flatMap((one) => instruction(one, { ...names, labels: [word(node[1]), ...names.labels] })), BLOCK_END];
    case 'if':
      return conditional(node, names);
    default:
      throw new SyntaxError(`unknown instruction ${name}`);
  }
}

function conditional([, condition, then, otherwise]: readonly Node[], names: Names): readonly number[] {
  const inside = { ...names, labels: ['', ...names.labels] };
  const branch = (node: Node | undefined) => (Array.isArray(node) ? (node as readonly Node[]).slice(1) : []).flatMap((one) => instruction(one, inside));
  return [...instruction(condition ?? '', names), 0x04, NO_RESULT, ...branch(then), ...(otherwise === undefined ? [] : [ELSE, ...branch(otherwise)]), BLOCK_END];
}

function indexOf(kind: string, name: string, names: Names): number {
  const among = kind.startsWith('local') ? names.locals : kind.startsWith('global') ? names.globals : kind === 'call' ? names.functions : names.labels;
  const index = among.indexOf(name);
  if (index === -1) throw new SyntaxError(`unknown name ${name}`);
  return index;
}

function word(node: Node | undefined): string {
  if (typeof node !== 'string') throw new SyntaxError('a word is missing');
  return node;
}

function integer(node: Node | undefined): bigint {
  const text = word(node);
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

function typeOf(name: string): number {
  const type = TYPES[name];
  if (type === undefined) throw new SyntaxError(`unknown type ${name}`);
  return type;
}

function section(id: number, items: readonly (readonly number[])[]): readonly number[] {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function bytesOf(text: string): readonly number[] {
  return list([...Buffer.from(text)].map((byte) => [byte]));
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): readonly number[] {
  const [low, rest] = [Number(value & 0x7fn), value >> 7n];
  const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
