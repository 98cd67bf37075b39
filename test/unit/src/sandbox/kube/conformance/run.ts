import { randomBytes } from 'node:crypto';
import { request, type RequestOptions } from 'node:https';
import { parse } from 'yaml';
import { at, isObject, type Step as PathStep } from '#src/model/raw.ts';
import type { PlainAnswer, Scenario, Step } from './scenario.ts';

/** An API server, with the right to do everything. */
export interface Target {
  readonly url: string;
  readonly options: RequestOptions;
}

/** The first cluster and user of a kubeconfig that holds its certificates or token itself. */
export function targetOf(kubeconfig: string): Target {
  const config: unknown = parse(kubeconfig);
  const pem = (...path: readonly PathStep[]): string | undefined => {
    const value = at(config, ...path);
    return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : undefined;
  };
  const [cluster, user] = [['clusters', 0, 'cluster'], ['users', 0, 'user']] as const;
  const [cert, key, token] = [pem(...user, 'client-certificate-data'), pem(...user, 'client-key-data'), at(config, ...user, 'token')];
  return {
    url: String(at(config, ...cluster, 'server')),
    options: {
      ca: pem(...cluster, 'certificate-authority-data') ?? '',
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(typeof token === 'string' && { headers: { authorization: `Bearer ${token}` } }),
    },
  };
}

interface Answered {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Runs a scenario in a namespace of its own. The answers are keyed by the names of its steps. */
export async function runScenario({ name, steps }: Scenario, target: Target): Promise<Readonly<Record<string, PlainAnswer>>> {
  const namespace = `conf-${randomBytes(4).toString('hex')}`;
  const bodies: Record<string, unknown> = { ns: namespace };
  await send(target, { name: 'namespace', method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  await send(target, { name: 'account', method: 'POST', path: `/api/v1/namespaces/${namespace}/serviceaccounts`, body: { metadata: { name: 'default' } } });
  const answers: Record<string, PlainAnswer> = {};
  for (const step of steps) {
    if (answers[step.name] !== undefined) throw new Error(`${name} has two steps named ${step.name}`);
    const answered = await send(target, filled(step, bodies));
    const body = parsed(answered.text);
    bodies[step.name] = body;
    answers[step.name] = plain(answered, body, namespace, step);
  }
  await send(target, { name: 'clean', method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
  return answers;
}

function filled(step: Step, bodies: Readonly<Record<string, unknown>>): Step {
  const text = JSON.stringify(step).replace(/\{\{([^}]+)\}\}/g, (_match, path: string) => {
    const [first = '', ...rest] = path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const value = rest.length === 0 ? bodies[first] : at(bodies[first], ...rest);
    if (typeof value !== 'string') throw new Error(`${step.name}: there is no text at ${path}`);
    return value;
  });
  return JSON.parse(text) as Step;
}

export function send({ url, options }: Target, { method = 'GET' as const, path, body, type = 'application/json', accept, as, events = Infinity }: Omit<Step, 'method'> & { readonly method?: string }): Promise<Answered> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    ...(options.headers as Record<string, string> | undefined),
    accept: accept ?? 'application/json',
    'user-agent': 'conformance/1',
    ...(payload !== undefined && { 'content-type': type, 'content-length': String(Buffer.byteLength(payload)) }),
    ...(as && { 'impersonate-user': as.user, ...(as.groups && { 'impersonate-group': [...as.groups] }) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { ...options, agent: false, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      let isEnough = false;
      const finish = (): void => resolve({ code: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (Buffer.concat(chunks).toString('utf8').split('\n').length <= events) return;
        isEnough = true;
        finish();
        sent.destroy();
      });
      response.on('error', (error) => (isEnough ? undefined : reject(error)));
      response.on('end', finish);
    });
    sent.on('error', reject);
    sent.end(payload);
  });
}

/** JSON, one JSON value per line, or text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const lines = text.trim().split('\n');
    return lines.every((line) => line.startsWith('{')) && lines.length > 1 ? lines.map((line) => JSON.parse(line) as unknown) : text;
  }
}

function plain({ code, headers }: Answered, body: unknown, namespace: string, { onlyCode }: Step): PlainAnswer {
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  if (onlyCode === true) return { code, type };
  const warnings = [headers.warning ?? []].flat();
  return { code, type, ...(warnings.length > 0 && { warnings }), body: settled(body, namespace) };
}

const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-<suffix>'],
  [/(made-by-)[a-z0-9]{5}(?![a-z0-9])/g, '$1<suffix>'],
  [/(resource version: )\d+( \(\d+\))?/g, '$1<version>'],
  [/(, current: )\d+/g, '$1<version>'],
  [/(ResourceVersion in record \()\d+/g, '$1<version>'],
  [/\b10\.(?:96|0)\.\d+\.\d+\b/g, '<ip>'],
  [/:3[0-2]\d{3}\//g, ':<port>/'],
];
const UNORDERED = ['managedFields', 'causes'];
const VERSIONS = ['resourceVersion'];
const AGE = /^\d+[smh](\d+[smh])?$/;

function isConflicts(causes: readonly unknown[]): boolean {
  return causes.every((cause) => at(cause, 'reason') === 'FieldManagerConflict');
}

/** Without names, times and versions of this run. */
function settled(value: unknown, namespace: string, field = ''): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => settled(entry, namespace, field));
    // Owners come in the order of their times, which two runs do not share, and conflicts in none.
    return UNORDERED.includes(field) && (field === 'managedFields' || isConflicts(entries)) ? entries.map((entry) => JSON.stringify(entry)).sort().map((entry) => JSON.parse(entry) as unknown) : entries;
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, entry]) => [key.replaceAll(namespace, '<ns>'), settled(entry, namespace, key)] as const);
    return Object.fromEntries(entries);
  }
  if (field === 'nodePort' && value !== 0) return '<port>';
  if (typeof value !== 'string') return value;
  if (VERSIONS.includes(field)) return '<version>';
  if (field === 'continue') return '<token>';
  if (field === 'cells' && AGE.test(value)) return '<age>';
  return TEXTS.reduce((text, [pattern, placeholder]) => text.replace(pattern, placeholder), value.replaceAll(namespace, '<ns>'));
}
