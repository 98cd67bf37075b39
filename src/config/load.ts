import { existsSync, readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '#src/model/nearest.ts';
import type { CheckSettings } from '#src/model/settings.ts';
import { checkSettings } from './check-settings.ts';
import { grantsOf, type ClusterSelection, type Config, type DigestConfig, type SlackConfig } from './config.ts';
import { ConfigError, type ConfigFault } from './faults.ts';
import { fileShape, type ConfigFile } from './file.ts';
import { option, OPTIONS, type OptionName } from './options.ts';
import { isSchedule, isZone } from './values.ts';

const DEFAULT_FILE = 'k8ssec.yaml';

export interface ConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of command-line flags by flag name; they win over the environment, and that over the file. */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

type Values = Readonly<Record<OptionName, string | undefined>>;

/** Reads and checks the whole configuration. @throws {ConfigError} that names every fault. */
export function loadConfig({ env, flags }: ConfigInput): Config {
  const faults: ConfigFault[] = [...unknownVariables(env)];
  const values = readValues(env, flags, faults);
  const path = values.configFile ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const file = path === undefined ? {} : readConfigFile(path, faults);
  const slack = slackOf(values, faults);
  faults.push(...crossFaults(file));
  if (faults.length > 0) throw new ConfigError(faults);
  const setting = (name: 'timeZone' | 'channel' | 'scanSchedule' | 'digestSchedule') => values[name] ?? file[name] ?? option(name).default;
  const timeZone = setting('timeZone') ?? 'UTC';
  const channel = setting('channel');
  const digestSchedule = setting('digestSchedule') ?? 'off';
  return {
    role: (values.role ?? OPTIONS.role.default) as Config['role'],
    slack,
    redisUrl: values.redisUrl,
    kubeconfig: values.kubeconfig,
    clusters: clustersOf(values, file, slack, env),
    http: { host: text(values, 'host'), port: number(values, 'port') },
    sandbox: { port: number(values, 'sandboxPort'), portIsChosen: values.sandboxPort !== undefined },
    timeZone,
    channel,
    scanSchedule: setting('scanSchedule') ?? 'off',
    scanTimeoutMs: number(values, 'scanTimeoutMinutes') * 60_000,
    digestSchedule,
    digests: digestsOf(file, { channel, schedule: digestSchedule, timeZone }),
    grants: grantsOf(file),
    sharedChannels: file.slack?.sharedChannels ?? [],
    checks: checkSettings(file.checks),
    concurrency: number(values, 'concurrency'),
    keepMs: number(values, 'keepDays') * 24 * 3600_000,
    logLevel: text(values, 'logLevel') as Config['logLevel'],
  };
}

/** What the configuration file tells the checks. Its other sections are for the bot, and their faults count all the same. @throws {ConfigError} */
export function loadCheckSettings(path: string): CheckSettings {
  const faults: ConfigFault[] = [];
  const file = readConfigFile(path, faults);
  faults.push(...crossFaults(file));
  if (faults.length > 0) throw new ConfigError(faults);
  return checkSettings(file.checks);
}

function unknownVariables(env: ConfigInput['env']): readonly ConfigFault[] {
  const known = new Set(Object.values(OPTIONS).flatMap(({ env: name, ...rest }) => ('secret' in rest ? [name, `${name}_FILE`] : [name])));
  return Object.keys(env)
    .filter((name) => name.startsWith('K8SSEC_') && !name.startsWith('K8SSEC_TEST_') && !known.has(name))
    .map((name) => ({ name, problem: `is no option.${didYouMean(name, known)}` }));
}

/** Given values only, so that defaults never hide what the file says. */
function readValues(env: ConfigInput['env'], flags: ConfigInput['flags'], faults: ConfigFault[]): Values {
  const values: Partial<Record<OptionName, string>> = {};
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const { env: variable, flag } = option(name);
    const fromFlag = flag === undefined ? undefined : flags[flag];
    const given = fromFlag ?? nonEmpty(env[variable]) ?? secretFromFile(name, env, faults);
    if (given === undefined) continue;
    const problem = valueProblem(name, given);
    if (problem === undefined) values[name] = given;
    else faults.push({ name: fromFlag === undefined ? variable : `--${flag ?? ''}`, problem });
  }
  return values as Values;
}

function secretFromFile(name: OptionName, env: ConfigInput['env'], faults: ConfigFault[]): string | undefined {
  const variable = `${option(name).env}_FILE`;
  const path = option(name).secret ? nonEmpty(env[variable]) : undefined;
  if (path === undefined) return undefined;
  try {
    return nonEmpty(readFileSync(path, 'utf8').trim());
  } catch {
    faults.push({ name: variable, problem: 'names a file that cannot be read' });
    return undefined;
  }
}

function valueProblem(name: OptionName, value: string): string | undefined {
  const { type, min = -Infinity, max = Infinity } = option(name);
  if (typeof type !== 'string') return type.includes(value) ? undefined : `must be one of ${type.join(', ')}`;
  switch (type) {
    case 'number':
      return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max ? undefined : `must be a whole number from ${min} to ${max}`;
    case 'boolean':
      return value === 'true' || value === 'false' ? undefined : 'must be true or false';
    case 'zone':
      return isZone(value) ? undefined : 'is no time zone name such as Europe/Paris';
    case 'schedule':
      return isSchedule(value) ? undefined : 'is no cron expression of five fields and not `off`';
    case 'url':
      return URL.canParse(value) ? undefined : 'is no address such as https://slack.com/api/';
    case 'text':
      return undefined;
  }
}

function readConfigFile(path: string, faults: ConfigFault[]): ConfigFile {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    faults.push({ name: path, problem: 'cannot be read' });
    return {};
  }
  const document = parseDocument(content);
  if (document.errors.length > 0) {
    for (const { linePos } of document.errors) faults.push({ name: path, problem: `is not YAML at line ${linePos?.[0].line ?? 1}` });
    return {};
  }
  const parsed = fileShape.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(path, issue)));
  return {};
}

/** An issue as faults by key, without the value that was found there. */
function faultsOf(file: string, issue: z.core.$ZodIssue): readonly ConfigFault[] {
  const key = issue.path.reduce<string>((path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}${path && '.'}${String(step)}`), '');
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((name) => ({ name: `${file}: ${key}${key && '.'}${name}`, problem: `is no option.${didYouMean(name, known)}` }));
  }
  return [{ name: `${file}: ${key}`, problem: issue.message.replace(/^Invalid input: /, '').replace(/, received .*/, '') }];
}

/** The keys that the file's shape has at a path. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let shape: unknown = fileShape;
  for (const step of path) {
    const inner = unwrapped(shape);
    shape = typeof step === 'number' ? (inner as { element?: unknown }).element : (inner as { shape?: Record<PropertyKey, unknown> }).shape?.[step];
  }
  return Object.keys((unwrapped(shape) as { shape?: object } | undefined)?.shape ?? {});
}

function unwrapped(shape: unknown): unknown {
  let here = shape;
  while (typeof here === 'object' && here !== null && 'unwrap' in here && typeof here.unwrap === 'function') here = (here.unwrap as () => unknown)();
  return here;
}

function slackOf(values: Values, faults: ConfigFault[]): SlackConfig {
  const { slackBotToken: botToken, slackAppToken: appToken, slackSigningSecret: signingSecret } = values;
  if (botToken?.startsWith('xapp-')) faults.push({ name: 'SLACK_BOT_TOKEN', problem: 'holds an app-level token (xapp-…); the bot token starts with xoxb-' });
  if (appToken?.startsWith('xoxb-')) faults.push({ name: 'SLACK_APP_TOKEN', problem: 'holds a bot token (xoxb-…); the app-level token starts with xapp-' });
  const apiUrl = text(values, 'slackApiUrl').replace(/\/*$/, '/');
  if (botToken === undefined) {
    for (const [name, given] of [['SLACK_APP_TOKEN', appToken], ['SLACK_SIGNING_SECRET', signingSecret]] as const) {
      if (given !== undefined) faults.push({ name, problem: 'is set, but SLACK_BOT_TOKEN is not' });
    }
    return { mode: 'sandbox' };
  }
  if (appToken !== undefined) return { mode: 'socket', botToken, appToken, apiUrl, sockets: number(values, 'sockets') };
  if (signingSecret !== undefined) return { mode: 'http', botToken, signingSecret, apiUrl };
  faults.push({ name: 'SLACK_BOT_TOKEN', problem: 'is set, but neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP mode) is' });
  return { mode: 'sandbox' };
}

function clustersOf(values: Values, file: ConfigFile, slack: SlackConfig, env: ConfigInput['env']): ClusterSelection {
  if (file.clusters !== undefined) return { from: 'named', clusters: file.clusters };
  const contexts = (values.context ?? '').split(',').map((name) => name.trim()).filter(Boolean);
  if (contexts.length > 0) return { from: 'named', clusters: contexts.map((context) => ({ name: context, context, production: false })) };
  if (values.kubeconfig !== undefined) return { from: 'current-context' };
  if (nonEmpty(env.KUBERNETES_SERVICE_HOST) !== undefined) return { from: 'in-cluster' };
  return slack.mode === 'sandbox' ? { from: 'demo' } : { from: 'current-context' };
}

function digestsOf(file: ConfigFile, fallback: { channel: string | undefined; schedule: string; timeZone: string }): readonly DigestConfig[] {
  if (file.digests === undefined) {
    return fallback.channel === undefined ? [] : [{ name: 'daily', channel: fallback.channel, schedule: fallback.schedule, timeZone: fallback.timeZone, clusters: undefined }];
  }
  return file.digests.map(({ name, channel, schedule, timeZone, clusters }) => ({
    name: name ?? channel.toLowerCase(),
    channel,
    schedule: schedule ?? fallback.schedule,
    timeZone: timeZone ?? fallback.timeZone,
    clusters,
  }));
}

/** Faults between parts of the file: a name used twice, a cluster that nobody has defined. */
function crossFaults(file: ConfigFile): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const names = new Set<string>();
  for (const [index, { name, context, inCluster }] of (file.clusters ?? []).entries()) {
    if (names.has(name)) faults.push({ name: `clusters[${index}].name`, problem: 'is used twice' });
    if (context !== undefined && inCluster) faults.push({ name: `clusters[${index}]`, problem: 'has both context and inCluster; keep one' });
    names.add(name);
  }
  if (file.clusters === undefined) return faults;
  const used = [
    ...(file.digests ?? []).map(({ clusters }, index) => [`digests[${index}].clusters`, clusters ?? []] as const),
    ...(grantsOf(file) ?? []).map(({ role, clusters }) => [`roles.${role}`, clusters ?? []] as const),
  ];
  for (const [name, clusters] of used) {
    if (clusters.some((cluster) => !names.has(cluster))) faults.push({ name, problem: 'names a cluster that is not under clusters' });
  }
  return faults;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}

function text(values: Values, name: OptionName): string {
  return values[name] ?? option(name).default ?? '';
}

function number(values: Values, name: OptionName): number {
  return Number(text(values, name));
}
