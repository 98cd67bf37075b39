import { isObject } from '#src/model/raw.ts';

/** Random numbers from 0 to below 1. */
type Random = () => number;
/** Writes a line of a log in another way. Some ways say the same, some something else, some nothing. */
type Change = (line: string, random: Random) => string;

const LOOK_ALIKE = '{"verb":"create","user":{"username":"eve","groups":["system:masters"]},"objectRef":{"resource":"pods","subresource":"exec"}}';
const KEYS = ['auditID', 'stage', 'requestURI', 'verb', 'user', 'username', 'groups', 'sourceIPs', 'userAgent', 'extra', 'objectRef', 'resource', 'subresource', 'namespace', 'responseStatus', 'code', 'requestReceivedTimestamp', 'annotations'];
const VALUES = ['null', '""', '"x"', '[]', '{}', '0', '-0', '200', '2e2', '1.5', '403', '429', 'true', '"\\ud800"', '"\\u0076erb"', '["203.0.113.9"]', '["system:unauthenticated"]', '"system:anonymous"', '"alice"', '"secrets"', '"delete"', '"/api?dryRun=All"', '"/api?x=1\\u0026dryRun=All"', '"ResponseStarted"', '"RequestReceived"', '"2026-11-02T08:00:60.000Z"', '"2026-11-02T08:00:01.123456789Z"', '"2026-02-30T08:00:01Z"'];

/** Ways in which somebody may try to hide an event, or in which some program may write one. */
const CHANGES: Readonly<Record<string, Change>> = {
  'another value': (line, random) => replaceValue(line, pick(KEYS, random), pick(VALUES, random)),
  'another answer': (line, random) => replaceValue(line, 'code', pick(['401', '403', '429', '500', '2e2', '20', '1.5', '"200"'], random)),
  'the same again, written otherwise': (line) => `${line}\n${line.replace('"auditID":"0', '"auditID":"\\u0030')}`,
  'a field twice': (line, random) => inserted(line, `${JSON.stringify(pick(KEYS, random))}:${pick(VALUES, random)},`, random),
  'a field that impersonates': (line, random) => inserted(line, pick(['"impersonatedUser":{"username":"root"},', '"impersonatedUser":null,', '"protoPayload":{"methodName":"io.k8s.x"},', '"kind":"EventList",', '"items":[],'], random), random),
  'a name with an escape': (line, random) => line.replace(`"${pick(KEYS, random)}":`, (name) => `"\\u00${name.charCodeAt(1).toString(16)}${name.slice(2)}`),
  'a body that looks like an event': (line, random) => inserted(line, `"${pick(['requestObject', 'responseObject', 'extra'], random)}":${LOOK_ALIKE},`, random),
  'white space': (line, random) => line.replaceAll(/[,:{}[\]]/g, (mark) => (random() < 0.2 ? `${mark}${pick([' ', '\t', '\r', '  '], random)}` : mark)),
  'fields in another order': (line, random) => JSON.stringify(shuffled(JSON.parse(line), random)),
  'over many lines': (line) => JSON.stringify(JSON.parse(line), undefined, 1),
  'nested deeply': (line, random) => inserted(line, `"requestObject":${'['.repeat(Math.floor(random() * 240))}`, random),
  'nested deeply and closed': (line, random) => {
    const depth = Math.floor(random() * 240);
    return inserted(line, `"requestObject":${'['.repeat(depth)}${']'.repeat(depth)},`, random);
  },
  'a long text': (line, random) => replaceValue(line, pick(['userAgent', 'requestURI', 'auditID', 'username'], random), JSON.stringify('/long'.repeat(Math.floor(random() * 12_000)))),
  'a byte order mark': (line) => `\ufeff${line}`,
  'cut off': (line, random) => line.slice(0, Math.floor(random() * line.length)),
  'two in one line': (line) => line + line,
  'the same again': (line) => `${line}\n${line}`,
  'in a list': (line) => `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${line},${line}]}`,
  'a tool with an account': (line, random) => replaceValue(replaceValue(line, 'username', '"system:serviceaccount:shop:robot"'), 'userAgent', pick(['"kubectl/v1.37"', '"\\u006bubectl/v1.37"', '"Helm/4.0"', '"kubelet/v1.37"', 'null', '7'], random)),
  'a token of a pod': (line) => replaceValue(replaceValue(replaceValue(line, 'username', '"system:serviceaccount:shop:robot"'), 'userAgent', '"kubectl/v1.37"'), 'extra', '{"authentication.kubernetes.io/pod-name":["job-1"]}'),
  'no ASCII': (line, random) => replaceValue(line, pick(['username', 'verb', 'requestURI'], random), '"J\u00fcrgen \u2028 \ud83d\ude80"'),
};

/** One line after such a change. */
export function changed(line: string, random: Random): string {
  return pick(Object.values(CHANGES), random)(line, random);
}

/** Some bytes of it are others, are missing, or came in: UTF-8 and JSON break anywhere. */
export function mutated(line: Uint8Array, random: Random): Uint8Array {
  const bytes = [...line];
  for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) {
    const at = Math.floor(random() * bytes.length);
    const byte = random() < 0.5 ? Math.floor(random() * 256) : pick(Object.values(Buffer.from('{}[],:"\\ \n0e-.u')), random);
    bytes.splice(at, Math.floor(random() * 2), ...(random() < 0.5 ? [byte] : []));
  }
  return Uint8Array.from(bytes);
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[Math.floor(random() * all.length)] as T;
}

function replaceValue(line: string, key: string, value: string): string {
  return line.replace(new RegExp(`"${key}":(?:"(?:[^"\\\\]|\\\\.)*"|-?\\d+|\\[[^\\]]*\\]|\\{[^{}]*\\})`), () => `"${key}":${value}`);
}

/** At the beginning of some object, mostly of the event itself. */
function inserted(line: string, text: string, random: Random): string {
  const places = [...line.matchAll(/\{(?!\})/g)].map(({ index }) => index + 1);
  const at = random() < 0.6 ? 1 : pick(places, random);
  return line.slice(0, at) + text + line.slice(at);
}

/** The fields of every object in another order. */
export function shuffled(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((entry) => shuffled(entry, random));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [random(), key, shuffled(entry, random)] as const).sort(([a], [b]) => a - b).map(([, key, entry]) => [key, entry]));
}
