import { createHash } from 'node:crypto';
import type { Severity, ObjectRef } from './finding.ts';
import type { SecretRef } from './people.ts';
import type { RepositorySettings, SettingsPage } from './repository-settings.ts';
import type { Asker, ClusterState } from './scan-record.ts';

export const CODE_HOSTS = ['github', 'gitlab'] as const;
export type CodeHost = (typeof CODE_HOSTS)[number];

/** A repository of infrastructure that is watched. */
export interface Repository {
  /** `owner/name`, with the groups between them on GitLab. */
  readonly name: string;
  readonly host: CodeHost;
  /** Of the API, without a slash at its end. */
  readonly url: string;
  /** Where the token is read; absent for a public repository. */
  readonly token?: SecretRef;
  /** A branch, tag or commit; the default branch when absent. */
  readonly ref?: string;
  /** The folder or file to look at; all of it when absent. */
  readonly path?: string;
  /** Where schedules post. */
  readonly channel: string | undefined;
  /** A cron expression, or `off`. */
  readonly schedule: string;
  readonly timeZone: string;
}

/** What of a repository is looked at. */
export interface RepositoryTarget {
  readonly repository: string;
  readonly ref?: string;
  readonly path?: string;
}

/** Where a finding stands. */
export interface CodePlace {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** Where people see what a finding is about, as it is remembered. */
export type FindingPlace = CodePlace | SettingsPage;

/** What the last scan of a target found. */
export interface RepositoryState {
  readonly state: ClusterState;
  readonly commit?: string;
  /** By fingerprint. */
  readonly places: Readonly<Record<string, FindingPlace>>;
  /** Stands for all that could not be seen, so that a schedule tells the same only once; absent when everything could. */
  readonly unseen?: string;
}

/** Stands for what could not be read, and for findings out of sight: the same while they are the same, on whatever line they stand by now. */
export function unseenMark(unread: readonly { readonly file: string; readonly reason: string }[], hidden: readonly string[]): string | undefined {
  const all = [...unread.map(({ file, reason }) => `${file}: ${reason.replace(/^line \d+: /, '')}`), ...hidden];
  return all.length === 0 ? undefined : createHash('sha256').update(JSON.stringify(all.sort())).digest('hex');
}

/** One finding of a repository as its message shows it. */
export interface CodeFinding {
  readonly check: string;
  readonly severity: Severity;
  readonly object: ObjectRef;
  readonly message: string;
  readonly place?: (CodePlace & { readonly url: string }) | SettingsPage;
}

/** The first few of many. */
export interface FirstOf<T> {
  readonly count: number;
  readonly shown: readonly T[];
}

/** A scan of a repository, for its message. */
export interface RepositoryScan {
  readonly id: string;
  readonly target: RepositoryTarget;
  readonly asker: Asker;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly result: RepositoryResult | { readonly failure: string };
}

export interface RepositoryResult {
  readonly commit?: string;
  /** When the scan was made that this one is compared with; absent for the first: nothing counts as new then. */
  readonly comparedWith?: string;
  readonly open: Readonly<Record<Severity, number>>;
  /** New and worse, worst first. */
  readonly fresh: FirstOf<CodeFinding>;
  readonly fixed: FirstOf<CodeFinding>;
  /** Open before and now, worst first. */
  readonly still: FirstOf<CodeFinding>;
  /** Open when last seen, and out of sight this time. */
  readonly hidden: number;
  readonly suppressed: number;
  readonly files: number;
  readonly objects: number;
  /** What was not read, and comments that do not hold. */
  readonly unread: FirstOf<CodePlace & { readonly url: string; readonly reason: string }>;
  /** Checks that could not be evaluated, or only in part, by reason. */
  readonly gaps: readonly { readonly reason: string; readonly checks: readonly string[] }[];
}

export interface Repositories {
  readonly all: () => readonly Repository[];
  readonly find: (name: string) => Repository | undefined;
  /** Has the target scanned; the result is posted in the channel. */
  readonly start: (target: RepositoryTarget, asker: Asker, channel: string) => Promise<void>;
  /** The packed archive. @throws {SourceFailed} */
  readonly download: (repository: Repository, ref: string | undefined, signal: AbortSignal) => Promise<Uint8Array>;
  /** What the code host says of the repository; each part that it does not show is said to be unseen. */
  readonly settings: (repository: Repository, signal: AbortSignal) => Promise<RepositorySettings>;
  readonly state: (target: RepositoryTarget) => Promise<RepositoryState | undefined>;
  readonly keep: (target: RepositoryTarget, state: RepositoryState) => Promise<void>;
}

/** Branches, tags and commits as git allows them, and nothing that an address could be made of. */
const REF = /^(?!-)(?!.*\.\.)(?!.*@\{)[\w./+@#=-]{1,200}$/;
const NAME = /^[A-Za-z\d_][\w.-]*(?:\/[A-Za-z\d_.][\w.-]*)+$/;

export function isRepositoryName(text: string): boolean {
  return text.length <= 200 && NAME.test(text) && !isClimbing(text);
}

export function isRef(text: string): boolean {
  return REF.test(text) && !text.startsWith('/') && !text.endsWith('/');
}

/** A path below the root of a repository. */
export function isCodePath(text: string): boolean {
  return text !== '' && text.length <= 500 && !text.startsWith('/') && !/[\p{C}\\]/u.test(text) && !isClimbing(text.replace(/\/$/, ''));
}

function isClimbing(text: string): boolean {
  return text.split('/').some((part) => part === '..' || part === '.' || part === '');
}

/** `owner/name@ref:path`, as people type it. */
export function targetText({ repository, ref, path }: RepositoryTarget): string {
  return `${repository}${ref === undefined ? '' : `@${ref}`}${path === undefined ? '' : `:${path}`}`;
}

/** Reads `owner/name[@ref][:path]`; a text says what is wrong with it. */
export function parseTarget(text: string): RepositoryTarget | string {
  const [, repository = '', ref, path] = /^([^@:]*)(?:@([^:]*))?(?::(.*))?$/su.exec(text) ?? [];
  if (!isRepositoryName(repository)) return `"${text}" names no repository; it is written owner/name, owner/name@ref or owner/name@ref:path.`;
  if (ref !== undefined && !isRef(ref)) return `"${ref}" is no branch, tag or commit.`;
  if (path !== undefined && !isCodePath(path)) return `"${path}" is no path below the root of a repository.`;
  return { repository, ...(ref !== undefined && { ref }), ...(path !== undefined && { path: path.replace(/\/$/, '') }) };
}

type Located = Pick<Repository, 'name' | 'host' | 'url'>;

/** Where people see a line of a file, at a commit, branch or tag. */
export function lineUrl(repository: Located, at: string, { file, line }: CodePlace): string {
  return `${webUrl(repository)}/${repository.host === 'gitlab' ? '-/blob' : 'blob'}/${encodedPath(`${at}/${file}`)}${line === undefined ? '' : `#L${line}`}`;
}

/** Where people see a repository. */
export function webUrl({ name, url }: Located): string {
  const { origin } = new URL(url);
  return `${origin === 'https://api.github.com' ? 'https://github.com' : origin}/${encodedPath(name)}`;
}

/** A path as part of an address. */
export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
