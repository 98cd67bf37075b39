import { components, type RunningComponent } from '#src/facts/components.ts';
import { defineClusterCheck, type CheckContext, type CheckItem, type CheckMeta, type ClusterCheck, type ClusterProblem, type Source, type Undecided } from '#src/model/check.ts';
import type { ComponentName } from '#src/model/component.ts';
import type { Severity } from '#src/model/finding.ts';
import { parseGoBoolean } from '#src/model/go-values.ts';
import { cis } from '#src/model/references.ts';

/** The values of a component's flags; undefined for one that is not given. */
export type FlagReader = (flag: string) => string | undefined;

/** What is wrong with some flags, or that a file decides that is not seen. */
export type FlagVerdict = string | { readonly message: string; readonly severity: Severity } | { readonly undecided: string } | undefined;

/** A row of a table that the CIS benchmark may have too. */
export interface NumberedRow {
  readonly title: string;
  readonly severity: Severity;
  /** Recommendation of the CIS benchmark, where it is in there. */
  readonly cis?: string;
}

/** One row of a table of flags. */
export interface FlagRow extends NumberedRow {
  /** The flags it is about; a finding stands at the first that is given. */
  readonly flags: readonly string[];
  /** Minor versions from which there is nothing to judge, because the flag or the plugin is gone. */
  readonly goneIn?: number;
  readonly judge: (read: FlagReader, context: CheckContext) => FlagVerdict;
}

export type FlagRows = Readonly<Record<string, FlagRow>>;

/** A check of the flags that the pods of a component are started with, one item for each row of its table. */
export interface FlagCheck extends Omit<CheckMeta, 'items' | 'sources' | 'severity' | 'judgesStock'> {
  readonly component: ComponentName;
  /** For people, with its article: `an API server`. */
  readonly called: string;
  readonly rows: FlagRows;
  readonly sources?: readonly Source[];
}

export function defineFlagCheck({ component, called, rows, sources = [], ...meta }: FlagCheck): ClusterCheck {
  return defineClusterCheck({
    ...meta,
    severity: 'high',
    items: itemsOf(rows),
    sources: [...rowSources(rows), ...sources],
    needs: { components },
    *judge({ components }, context) {
      const running = components.filter(({ name }) => name === component);
      if (running.length === 0) yield { notEvaluated: noPodOf(called) };
      for (const one of running) yield* judgeFlags(one, rows, context);
    },
  });
}

/** Why a table of flags is not evaluated when no pod shows the component, as with managed control planes. */
export function noPodOf(called: string): string {
  return `no pod of ${called} was read`;
}

export function itemsOf(rows: Readonly<Record<string, NumberedRow>>): Readonly<Record<string, CheckItem>> {
  return Object.fromEntries(Object.entries(rows).map(([item, { title, severity, cis: number }]) => [item, { title, severity, ...(number !== undefined && { sources: [cis(number)] }) }]));
}

export function rowSources(rows: Readonly<Record<string, NumberedRow>>): readonly Source[] {
  return Object.values(rows).flatMap((row) => (row.cis === undefined ? [] : [cis(row.cis)]));
}

/** Judges by the version of the component's own image, else by that of the cluster. */
export function* judgeFlags({ subject, container, path, version, flags }: RunningComponent, rows: FlagRows, context: CheckContext): Generator<ClusterProblem | Undecided> {
  const own = version === undefined ? context : { ...context, version };
  for (const [item, row] of Object.entries(rows)) {
    if (row.goneIn !== undefined && own.version.minor >= row.goneIn) continue;
    const verdict = row.judge((flag) => flags.get(flag)?.value, own);
    if (verdict === undefined) continue;
    if (typeof verdict === 'object' && 'undecided' in verdict) {
      yield verdict;
      continue;
    }
    const found = row.flags.map((flag) => flags.get(flag)).find((flag) => flag !== undefined);
    yield { subject, container, item, path: found?.path ?? path, ...(typeof verdict === 'string' ? { message: verdict } : verdict) };
  }
}

/** Fires when one of the flags is not given, or empty. */
export function needsAll(flags: readonly string[], why: string): Pick<FlagRow, 'flags' | 'judge'> {
  return {
    flags,
    judge(read) {
      const missing = flags.filter((flag) => !read(flag)).map((flag) => `--${flag}`);
      return missing.length === 0 ? undefined : `${why}: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not set`;
    },
  };
}

/** Fires when the flag is given at all. */
export function forbids(flag: string, why: string): Pick<FlagRow, 'flags' | 'judge'> {
  return { flags: [flag], judge: (read) => (read(flag) === undefined ? undefined : `${why}: --${flag} is set`) };
}

/** Fires when a switch does not have the value; `unset` is what it has when it is not given. */
export function needsSwitch(flag: string, wanted: boolean, unset: boolean, why: string): Pick<FlagRow, 'flags' | 'judge'> {
  return {
    flags: [flag],
    judge(read) {
      const text = read(flag);
      if ((text === undefined ? unset : parseGoBoolean(text)) === wanted) return undefined;
      return `${why}: --${flag} is ${text === undefined ? `not set, which means ${String(unset)}` : said(text)}`;
    },
  };
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Fires when a component listens beyond its own node. */
export function needsLoopback(flag: string): Pick<FlagRow, 'flags' | 'judge'> {
  return {
    flags: [flag],
    judge(read) {
      const address = read(flag);
      if (address !== undefined && LOOPBACK.has(address)) return undefined;
      return `It listens on more than its own node: --${flag} is ${address === undefined ? 'not set, which means every address' : said(address)}`;
    },
  };
}

/** The entries of a list with commas. */
export function listOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').map((entry) => entry.trim()).filter(Boolean);
}

/** A value for a message. */
export function said(text: string): string {
  return text === '' ? 'empty' : text;
}
