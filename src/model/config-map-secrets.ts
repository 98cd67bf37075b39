import { textMapAt, type RawObject, type Step } from './raw.ts';
import { secretIn, secretShape, snakeCase } from './secret-words.ts';

export interface Exposure {
  /** What it is called: the key of the ConfigMap, with the name within its text after a blank. */
  readonly name: string;
  /** What it is, never the value: `a private key`. */
  readonly what: string;
  /** From the root of the ConfigMap to the key. */
  readonly path: readonly Step[];
}

/** What a ConfigMap shows to whoever may read it. */
export interface ConfigMapExposures {
  readonly secrets: readonly Exposure[];
  readonly personal: readonly Exposure[];
}

/** A line `NAME=value` or `name: value`, as in properties, shell, INI and YAML. */
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+|set[ \t]+|-[ \t]+)?["']?([A-Za-z_][\w.-]{0,99})["']?[ \t]*[:=][ \t]*(.*)$/gm;
const JSON_PAIR = /"([A-Za-z_][\w.-]{0,99})"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,500})"/g;
/** Prose, code and lists, which no file of settings has as the value of a password. */
const NO_VALUE = /\s|[()[\]{}]|^[|>&*]/;
const PERSONAL_DATA = 'personal data by its name';
const PERSONAL_NAME = /^(?:.*_)?(?:user_?name|e_?mail(?:_address)?|phone(?:_number)?|iban)$/;

/** The credentials and personal data in a ConfigMap's texts. */
export function configMapExposures(object: RawObject): ConfigMapExposures {
  const all = [...textsOf(object)].flatMap(({ key, text, path }) => exposuresIn(key, text).map((exposure) => ({ ...exposure, path })));
  return { secrets: all.filter(({ what }) => what !== PERSONAL_DATA), personal: all.filter(({ what }) => what === PERSONAL_DATA) };
}

/** By the name of the key, by names within the text, and by what the text looks like where no name has said so. */
function exposuresIn(key: string, text: string): readonly Omit<Exposure, 'path'>[] {
  if (!text.trim().includes('\n')) {
    const what = whatIs(key, text);
    if (what !== undefined) return [{ name: key, what }];
  }
  const within = new Map(pairsIn(text).flatMap(({ name, value }): [string, string][] => {
    const what = whatIs(name, value);
    return what === undefined ? [] : [[name, what]];
  }));
  const shape = secretShape(text);
  return [
    ...(shape !== undefined && ![...within.values()].includes(shape) ? [{ name: key, what: shape }] : []),
    ...[...within].map(([name, what]) => ({ name: `${key} ${name}`, what })),
  ];
}

function whatIs(name: string, value: string): string | undefined {
  return secretIn(name, value) ?? (isPersonal(name, value) ? PERSONAL_DATA : undefined);
}

function isPersonal(name: string, value: string): boolean {
  return PERSONAL_NAME.test(snakeCase(name)) && value.trim() !== '' && !/[\s${}<>]/.test(value.trim()) && !/^(?:true|false|\d{1,4})$/i.test(value.trim());
}

function* textsOf(object: RawObject): Generator<{ readonly key: string; readonly text: string; readonly path: readonly Step[] }> {
  for (const [key, text] of textMapAt(object, 'data')) yield { key, text, path: ['data', key] };
  for (const [key, encoded] of textMapAt(object, 'binaryData')) {
    const text = Buffer.from(encoded, 'base64').toString('utf8');
    if (!/[\0\ufffd]/.test(text)) yield { key, text, path: ['binaryData', key] };
  }
}

function pairsIn(text: string): readonly { readonly name: string; readonly value: string }[] {
  const lines = [...text.matchAll(ASSIGNMENT)].flatMap(([, name = '', rest = '']) => {
    const value = unquote(rest.trim());
    return NO_VALUE.test(value) && secretShape(value) === undefined ? [] : [{ name, value }];
  });
  const json = [...text.matchAll(JSON_PAIR)].flatMap(([, name = '', value = '']) => (NO_VALUE.test(value) ? [] : [{ name, value }]));
  return [...lines, ...json];
}

function unquote(text: string): string {
  const [, , quoted] = /^(["'])(.*?)\1[,;]?(?:\s+#.*)?$/.exec(text) ?? [];
  return quoted ?? text.replace(/\s+#.*$/, '').replace(/[,;]$/, '');
}
