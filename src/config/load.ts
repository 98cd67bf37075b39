import { existsSync } from 'node:fs';
import type { DetectionSettings } from '#src/model/detection.ts';
import { isLabelName } from '#src/model/labels.ts';
import type { PeopleSourceType } from '#src/model/people.ts';
import type { CheckSettings } from '#src/model/settings.ts';
import { accessSettings } from './access-settings.ts';
import { approvalSettings } from './approval-settings.ts';
import { checkSettings } from './check-settings.ts';
import { connectionSettings } from './connection-settings.ts';
import { grantsOf, type ClusterSelection, type Config, type DigestConfig, type EventsTls, type SlackConfig } from './config.ts';
import { crossFaults, digestName } from './cross-faults.ts';
import { detectionSettings } from './detection-settings.ts';
import { certificateFaults, channelFaults, eventSettings } from './event-settings.ts';
import { ConfigError, type ConfigFault } from './faults.ts';
import type { ConfigFile } from './file.ts';
import { configuredRepositories, repositoryFaults } from './repositories.ts';
import { option, OPTIONS, type OptionName } from './options.ts';
import { configuredSources } from './people-sources.ts';
import { readConfigFile } from './read-file.ts';
import { readRangeFiles } from './range-files.ts';
import { nonEmpty, readValues, unknownVariables, type ConfigInput, type Values } from './read-values.ts';

const DEFAULT_FILE = 'k8ssec.yaml';
const PEOPLE_SCHEDULE = '30 6 * * *';
const SHRINK_LIMIT_PERCENT = 10;

export interface LoadInput extends ConfigInput {
  /** Names of the kinds of requests that there are. */
  readonly kinds: readonly string[];
  /** The systems that people can be listed from. */
  readonly sources: readonly PeopleSourceType[];
}

/** Reads and checks the whole configuration. @throws {ConfigError} that names every fault. */
export function loadConfig({ env, flags, kinds, sources: types }: LoadInput): Config {
  const faults: ConfigFault[] = [...unknownVariables(env)];
  const values = readValues(env, flags, faults);
  const path = values.configFile ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const file = path === undefined ? {} : readConfigFile(path, faults);
  const slack = slackOf(values, faults);
  const eventsTls = eventsTlsOf(values, faults);
  // A worker beside the bot need not take events in.
  if (eventsTls === undefined && values.role !== 'worker') faults.push(...certificateFaults(file.events));
  if (values.installation !== undefined && !isLabelName(values.installation)) faults.push({ name: OPTIONS.installation.env, problem: 'is no value of a label: at most 63 letters, digits, dots, dashes and underscores, with a letter or digit at either end' });
  const clusters = clustersOf(values, file, slack, env);
  const sources = configuredSources(file.people?.sources ?? [], types, path ?? DEFAULT_FILE, faults);
  faults.push(...crossFaults(file, { clusters: clusters.from === 'named' ? clusters.clusters.map(({ name }) => name) : undefined, kinds }));
  if (file.clusters !== undefined && values.context !== undefined) faults.push({ name: OPTIONS.context.env, problem: 'is set, but the configuration file names the clusters' });
  const rangeFiles = readRangeFiles(file.connections, path ?? DEFAULT_FILE, faults);
  faults.push(...repositoryFaults(file.repositories ?? [], values.channel ?? file.channel));
  const setting = (name: 'timeZone' | 'channel' | 'scanSchedule' | 'mapSchedule' | 'digestSchedule') => values[name] ?? file[name] ?? option(name).default;
  const channel = setting('channel');
  // The sandbox has a channel for whatever has none.
  if (slack.mode !== 'sandbox') faults.push(...channelFaults(file.events, (cluster) => file.clusters?.find(({ name }) => name === cluster)?.channel ?? channel));
  if (faults.length > 0) throw new ConfigError(faults);
  const timeZone = setting('timeZone') ?? 'UTC';
  const events = eventSettings(file.events);
  const digestSchedule = setting('digestSchedule') ?? 'off';
  return {
    role: (values.role ?? OPTIONS.role.default) as Config['role'],
    slack,
    redisUrl: values.redisUrl,
    kubeconfig: values.kubeconfig,
    clusters,
    http: { host: text(values, 'host'), port: number(values, 'port') },
    eventsTls,
    sandbox: { port: number(values, 'sandboxPort'), portIsChosen: values.sandboxPort !== undefined },
    installation: values.installation,
    timeZone,
    channel,
    scanSchedule: setting('scanSchedule') ?? 'off',
    mapSchedule: setting('mapSchedule') ?? 'off',
    scanTimeoutMs: number(values, 'scanTimeoutMinutes') * 60_000,
    digestSchedule,
    digests: digestsOf(file, { channel, schedule: digestSchedule, timeZone }),
    repositories: configuredRepositories(file.repositories ?? [], { channel, timeZone }),
    grants: grantsOf(file),
    sharedChannels: file.slack?.sharedChannels ?? [],
    people: {
      sources,
      schedule: file.people?.schedule ?? PEOPLE_SCHEDULE,
      shrinkLimitPercent: file.people?.shrinkLimitPercent ?? SHRINK_LIMIT_PERCENT,
      access: accessSettings(file.people, file.temporaryAccess),
    },
    approvals: approvalSettings(file.approvals, channel),
    checks: checkSettings(file.checks),
    detections: detectionSettings(file.detections),
    events,
    connections: connectionSettings(file.connections, events, rangeFiles),
    rangeFiles,
    concurrency: number(values, 'concurrency'),
    keepMs: number(values, 'keepDays') * 24 * 3600_000,
    logLevel: text(values, 'logLevel') as Config['logLevel'],
  };
}

/** What the configuration file tells the checks. Its other sections are for the bot, and their faults count all the same. @throws {ConfigError} */
export function loadCheckSettings(path: string): CheckSettings {
  return checkSettings(loadFile(path).checks);
}

/** What the configuration file tells the detections, likewise. @throws {ConfigError} */
export function loadDetectionSettings(path: string): DetectionSettings {
  return detectionSettings(loadFile(path).detections);
}

function loadFile(path: string): ConfigFile {
  const faults: ConfigFault[] = [];
  const file = readConfigFile(path, faults);
  faults.push(...crossFaults(file, { clusters: file.clusters?.map(({ name }) => name), kinds: undefined }));
  if (faults.length > 0) throw new ConfigError(faults);
  return file;
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

function eventsTlsOf({ eventsPort, eventsCert, eventsKey }: Values, faults: ConfigFault[]): EventsTls | undefined {
  if (eventsPort !== undefined && eventsCert !== undefined && eventsKey !== undefined) return { port: Number(eventsPort), cert: eventsCert, key: eventsKey };
  const given = [[OPTIONS.eventsPort.env, eventsPort], [OPTIONS.eventsCert.env, eventsCert], [OPTIONS.eventsKey.env, eventsKey]] as const;
  const missing = given.filter(([, value]) => value === undefined).map(([name]) => name);
  for (const [name, value] of given) if (value !== undefined) faults.push({ name, problem: `is set, but ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not` });
  return undefined;
}

function clustersOf(values: Values, file: ConfigFile, slack: SlackConfig, env: ConfigInput['env']): ClusterSelection {
  if (file.clusters !== undefined) return { from: 'named', clusters: file.clusters };
  const contexts = [...new Set((values.context ?? '').split(',').map((name) => name.trim()).filter(Boolean))];
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
    name: digestName({ name, channel }),
    channel,
    schedule: schedule ?? fallback.schedule,
    timeZone: timeZone ?? fallback.timeZone,
    clusters,
  }));
}

function text(values: Values, name: OptionName): string {
  return values[name] ?? option(name).default ?? '';
}

function number(values: Values, name: OptionName): number {
  return Number(text(values, name));
}
