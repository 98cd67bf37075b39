import { at, booleanAt, integerAt, objectsAt, textAt, textMapAt, textsAt, type RawObject, type Step } from './raw.ts';
import { CODE_HOSTS, type CodeHost } from './repositories.ts';

/** How a document with the settings of a repository says what it is. */
const API_VERSION = 'k8ssec.io/v1';
const KIND = 'RepositorySettings';

const VISIBILITIES = ['public', 'internal', 'private'] as const;

/** What of the settings may have been out of sight by itself, in words for people. */
const PARTS = {
  visibility: 'who may read the repository',
  protection: 'how the branch is protected',
  rulesets: 'which rulesets hold for the branch',
  approvals: 'how many approvals a change needs',
  exemptions: 'who is exempt from the rules of the branch',
  writers: 'who may write',
  outside: 'which of those who may write are outsiders',
  departed: 'which of those who may write have left',
  authors: 'who has written',
  deployKeys: 'which deploy keys there are',
  lastUse: 'when a deploy key was last used',
  secrets: 'which secrets pipelines have',
  organizationSecrets: 'which secrets of its organisation pipelines have',
  environmentSecrets: 'which secrets the environments of pipelines have',
  pipelines: 'which pipelines there are',
} as const;
export type SettingsPart = keyof typeof PARTS;

/** What one protection or ruleset asks of changes to the branch. What is absent is not known. */
export interface BranchRule {
  /** For people: `branch protection`. */
  readonly source: string;
  readonly approvals?: number;
  /** The author's own approval counts. */
  readonly authorMayApprove?: boolean;
  /** Approvals do not hold for commits that are added after them. */
  readonly dismissesStale?: boolean;
  readonly blocksForcePush?: boolean;
  /** Whom it does not hold for, in words. */
  readonly exempt?: readonly string[];
}

/** Somebody who may write. */
export interface Writer {
  readonly login: string;
  /** As the code host calls it. */
  readonly role?: string;
  readonly bot?: boolean;
  /** Belongs not to the organisation; absent when that is not known. */
  readonly outside?: boolean;
  /** What tells that this person has left the organisation. */
  readonly left?: string;
}

export interface Authors {
  /** ISO 8601. */
  readonly since: string;
  readonly logins: readonly string[];
  /** People whose commits name no account. */
  readonly unknown: number;
}

export interface DeployKey {
  readonly id: string;
  readonly title: string;
  readonly write: boolean;
  /** ISO 8601, as the others here. */
  readonly createdAt?: string;
  /** `never`, or absent when the code host does not tell. */
  readonly lastUsedAt?: string;
}

/** The name of a secret; values are never asked for. */
export interface PipelineSecret {
  readonly name: string;
  readonly changedAt?: string;
}

/** Only what runs in the environment has it. */
export interface EnvironmentSecret extends PipelineSecret {
  readonly environment: string;
}

/** The settings of a repository as far as checks judge them. A part that is absent was not seen, and `unseen` says why. */
export interface RepositorySettings {
  readonly name: string;
  readonly host: CodeHost;
  /** Where people see it. */
  readonly url?: string;
  /** When it was asked, ISO 8601. */
  readonly readAt?: string;
  readonly visibility?: (typeof VISIBILITIES)[number];
  /** The default branch. */
  readonly branch?: string;
  /** All that hold for the default branch; none means that it is not protected. */
  readonly rules?: readonly BranchRule[];
  readonly writers?: readonly Writer[];
  readonly authors?: Authors;
  readonly deployKeys?: readonly DeployKey[];
  readonly secrets?: readonly PipelineSecret[];
  /** Of the organisation, those that are shared with the repository. */
  readonly organizationSecrets?: readonly PipelineSecret[];
  readonly environmentSecrets?: readonly EnvironmentSecret[];
  /** Names of all files with pipelines. */
  readonly pipelines?: readonly string[];
  readonly unseen: Readonly<Partial<Record<SettingsPart, string>>>;
}

/** The settings as a document that checks read, from the code host as from a file. */
export function settingsDocument({ name, ...settings }: RepositorySettings): RawObject {
  return { apiVersion: API_VERSION, kind: KIND, metadata: { name }, ...settings };
}

/** Reads such a document; what does not fit counts as not seen, and so does a list with an entry that does not. */
export function settingsOf(object: RawObject): RepositorySettings {
  const visibility = textAt(object, 'visibility');
  return {
    name: textAt(object, 'metadata', 'name') ?? '',
    host: CODE_HOSTS.find((host) => host === textAt(object, 'host')) ?? 'github',
    ...known({
      url: textAt(object, 'url'),
      readAt: textAt(object, 'readAt'),
      visibility: VISIBILITIES.find((one) => one === visibility),
      branch: textAt(object, 'branch'),
      rules: entriesOf(object, 'rules', ruleOf),
      writers: entriesOf(object, 'writers', writerOf),
      authors: authorsOf(object),
      deployKeys: entriesOf(object, 'deployKeys', deployKeyOf),
      secrets: entriesOf(object, 'secrets', secretOf),
      organizationSecrets: entriesOf(object, 'organizationSecrets', secretOf),
      environmentSecrets: entriesOf(object, 'environmentSecrets', environmentSecretOf),
      pipelines: textList(object, 'pipelines'),
    }),
    unseen: Object.fromEntries([...textMapAt(object, 'unseen')].filter(([part]) => Object.hasOwn(PARTS, part))),
  };
}

function ruleOf(rule: RawObject): BranchRule {
  return {
    source: textAt(rule, 'source') ?? 'a rule',
    ...known({
      approvals: integerAt(rule, 'approvals'),
      authorMayApprove: booleanAt(rule, 'authorMayApprove'),
      dismissesStale: booleanAt(rule, 'dismissesStale'),
      blocksForcePush: booleanAt(rule, 'blocksForcePush'),
      exempt: textList(rule, 'exempt'),
    }),
  };
}

function writerOf(writer: RawObject): Writer | undefined {
  const login = textAt(writer, 'login');
  return login === undefined ? undefined : { login, ...known({ role: textAt(writer, 'role'), bot: booleanAt(writer, 'bot'), outside: booleanAt(writer, 'outside'), left: textAt(writer, 'left') }) };
}

function authorsOf(object: RawObject): Authors | undefined {
  const since = textAt(object, 'authors', 'since');
  const logins = textList(object, 'authors', 'logins');
  return since === undefined || logins === undefined ? undefined : { since, logins, unknown: integerAt(object, 'authors', 'unknown') ?? 0 };
}

function deployKeyOf(key: RawObject): DeployKey | undefined {
  const title = textAt(key, 'title');
  const write = booleanAt(key, 'write');
  if (title === undefined || write === undefined) return undefined;
  return { id: textAt(key, 'id') ?? title, title, write, ...known({ createdAt: textAt(key, 'createdAt'), lastUsedAt: textAt(key, 'lastUsedAt') }) };
}

function secretOf(secret: RawObject): PipelineSecret | undefined {
  const name = textAt(secret, 'name');
  return name === undefined ? undefined : { name, ...known({ changedAt: textAt(secret, 'changedAt') }) };
}

function environmentSecretOf(entry: RawObject): EnvironmentSecret | undefined {
  const secret = secretOf(entry);
  const environment = textAt(entry, 'environment');
  return secret === undefined || environment === undefined ? undefined : { ...secret, environment };
}

/** Undefined when it is no list, or an entry cannot be read. */
function entriesOf<T>(object: RawObject, field: string, read: (entry: RawObject) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(object[field])) return undefined;
  const entries = objectsAt(object, field).flatMap(([, entry]) => read(entry) ?? []);
  return entries.length === object[field].length ? entries : undefined;
}

function textList(object: RawObject, ...path: readonly string[]): readonly string[] | undefined {
  return Array.isArray(at(object, ...path)) ? textsAt(object, ...path) : undefined;
}

type Known<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without what is undefined. */
function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>;
}

/** Why a part was not seen. */
export function whyUnseen({ unseen }: RepositorySettings, part: SettingsPart): string {
  return unseen[part] ?? `the settings of the repository do not tell ${PARTS[part]}`;
}

/** The page on which people change a setting. */
export interface SettingsPage {
  /** For people: `Deploy keys`. */
  readonly page: string;
  readonly url: string;
}

const PAGES: Readonly<Record<string, Readonly<Record<CodeHost, readonly [page: string, path: string]>>>> = {
  rules: { github: ['Branch settings', 'settings/branches'], gitlab: ['Repository settings', '-/settings/repository'] },
  writers: { github: ['Access settings', 'settings/access'], gitlab: ['Members', '-/project_members'] },
  deployKeys: { github: ['Deploy keys', 'settings/keys'], gitlab: ['Repository settings', '-/settings/repository'] },
  secrets: { github: ['Actions secrets', 'settings/secrets/actions'], gitlab: ['CI/CD settings', '-/settings/ci_cd'] },
  organizationSecrets: { github: ['Actions secrets', 'settings/secrets/actions'], gitlab: ['CI/CD settings', '-/settings/ci_cd'] },
  environmentSecrets: { github: ['Environments', 'settings/environments'], gitlab: ['CI/CD settings', '-/settings/ci_cd'] },
  pipelines: { github: ['Actions', 'actions'], gitlab: ['Pipelines', '-/pipelines'] },
};
const GENERAL: Readonly<Record<CodeHost, readonly [page: string, path: string]>> = { github: ['Settings', 'settings'], gitlab: ['Settings', 'edit'] };

/** Where people change what a path of the document is about. */
export function settingsPage({ host }: RepositorySettings, url: string, [part = '']: readonly Step[]): SettingsPage {
  const [page, path] = (PAGES[String(part)] ?? GENERAL)[host];
  return { page, url: `${url}/${path}` };
}
