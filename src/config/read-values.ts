import { readFileSync } from 'node:fs';
import { didYouMean } from '#src/model/nearest.ts';
import type { ConfigFault } from './faults.ts';
import { option, OPTIONS, type OptionName } from './options.ts';
import { isChannel, isRedisAddress, isSchedule, isWebAddress, isZone } from './values.ts';

export interface ConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of command-line flags by flag name; they win over the environment, and that over the file. */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

export type Values = Readonly<Record<OptionName, string | undefined>>;

/** What Kubernetes tells every pod about a Service that is called k8ssec. */
const SERVICE_LINK = /_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

export function unknownVariables(env: ConfigInput['env']): readonly ConfigFault[] {
  const known = new Set(Object.values(OPTIONS).flatMap(({ env: name, ...rest }) => ('secret' in rest ? [name, `${name}_FILE`] : [name])));
  return Object.entries(env)
    .filter(([name, value]) => name.startsWith('K8SSEC_') && !name.startsWith('K8SSEC_TEST_') && !known.has(name) && !isServiceLink(name, value))
    .map(([name]) => ({ name, problem: `is no option.${didYouMean(name, known)}` }));
}

function isServiceLink(name: string, value = ''): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && SERVICE_ADDRESS.test(value));
}

/** Given values only, so that defaults never hide what the file says. */
export function readValues(env: ConfigInput['env'], flags: ConfigInput['flags'], faults: ConfigFault[]): Values {
  const values: Partial<Record<OptionName, string>> = {};
  for (const name of Object.keys(OPTIONS) as OptionName[]) {
    const { env: variable, flag } = option(name);
    const fromFlag = flag === undefined ? undefined : nonEmpty(flags[flag]);
    const given = fromFlag ?? fromEnvironment(name, env, faults);
    if (given === undefined) continue;
    const problem = valueProblem(name, given);
    if (problem === undefined) values[name] = given;
    else faults.push({ name: fromFlag === undefined ? variable : `--${flag ?? ''}`, problem });
  }
  return values as Values;
}

function fromEnvironment(name: OptionName, env: ConfigInput['env'], faults: ConfigFault[]): string | undefined {
  const { env: variable, secret } = option(name);
  const given = isServiceLink(variable, env[variable]) ? undefined : nonEmpty(env[variable]);
  const path = secret ? nonEmpty(env[`${variable}_FILE`]) : undefined;
  if (path === undefined) return given;
  if (given === undefined) return secretFromFile(`${variable}_FILE`, path, faults);
  faults.push({ name: `${variable}_FILE`, problem: `is set, and so is ${variable}; keep one` });
  return given;
}

/** A secret that is mounted but empty is a mistake: without it the sandbox would start and nobody would know why. */
function secretFromFile(variable: string, path: string, faults: ConfigFault[]): string | undefined {
  try {
    const content = nonEmpty(readFileSync(path, 'utf8').trim());
    if (content === undefined) faults.push({ name: variable, problem: 'names an empty file' });
    return content;
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
    case 'zone':
      return isZone(value) ? undefined : 'is no time zone name such as Europe/Paris';
    case 'schedule':
      return isSchedule(value) ? undefined : 'is no cron expression of five fields that is ever due, and not `off`';
    case 'channel':
      return isChannel(value) ? undefined : 'is no Slack channel id such as C0123456789';
    case 'url':
      return isWebAddress(value) ? undefined : 'is no address such as https://slack.com/api/';
    case 'redis':
      return isRedisAddress(value) ? undefined : 'is no address such as redis://host:6379/0 or rediss://host:6379/0';
    case 'text':
      return undefined;
  }
}

export function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
