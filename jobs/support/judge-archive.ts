import { readArchive, type Archive } from '#src/iac/archive.ts';
import { compareBytes, formatOfCode } from '#src/iac/files.ts';
import { chartsAmong } from '#src/iac/render/charts.ts';
import { isKustomization } from '#src/iac/render/overlays.ts';
import { readBytes, readPipelineFile, readTerraformFiles, type FileContent } from '#src/iac/read.ts';
import { FilePlace, fileSource } from '#src/iac/source.ts';
import { createSuppressions, knownIds } from '#src/iac/suppress.ts';
import type { Check, CheckContext } from '#src/model/check.ts';
import { pipelineHost } from '#src/model/pipeline.ts';
import type { CodePlace, FindingPlace, RepositoryTarget } from '#src/model/repositories.ts';
import { settingsDocument, settingsPage, type RepositorySettings } from '#src/model/repository-settings.ts';
import type { LocatedFinding, ScanResult } from '#src/model/scan-result.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { scan } from '#src/scan/scan.ts';

export interface JudgeOptions {
  readonly checks: readonly Check[];
  readonly context: CheckContext;
  /** What the code host says of the repository, without its pipelines, and where people see it. */
  readonly settings: RepositorySettings & { readonly url: string };
  readonly signal: AbortSignal;
  readonly onFault: (unit: string, error: unknown) => void;
}

/** What the files of a repository hold. */
export interface JudgedArchive {
  /** Without the findings that comments leave out. */
  readonly result: ScanResult;
  /** By fingerprint. */
  readonly places: ReadonlyMap<string, FindingPlace>;
  /** Fingerprints of findings that comments leave out. */
  readonly suppressed: ReadonlySet<string>;
  /** Files read, without those of pipelines. */
  readonly files: number;
  /** In these files. */
  readonly objects: number;
  readonly unread: readonly Unread[];
  readonly commit?: string;
}

export interface Unread extends CodePlace {
  readonly reason: string;
  /** It hides what is in the file. Not so a comment that does not hold. */
  readonly hides: boolean;
}

/** Where settings stand: what their document has as `origin`. */
class SettingsOrigin {
  readonly settings: JudgeOptions['settings'];

  constructor(settings: JudgeOptions['settings']) {
    this.settings = settings;
  }
}

/** Judges the settings of a repository, and the manifests, Terraform files and pipelines of its packed archive as one cluster. @throws {ArchiveRefused} */
export async function judgeArchive(packed: Uint8Array, { path }: Pick<RepositoryTarget, 'path'>, options: JudgeOptions): Promise<JudgedArchive> {
  const archive = await readArchive(onlyChunk(packed), (name) => isWanted(name, path) || pipelineHost(name) !== undefined);
  const contents = await readFiles(archive, options.signal);
  const files = [...contents].flatMap(([name, content]) => ('reason' in content ? [] : [{ name, ...content }]));
  const wanted = files.filter(({ name }) => isWanted(name, path));
  const { checks, context, signal, onFault } = options;
  const settings = { ...options.settings, ...pipelinesOf(archive, options.settings) };
  const result = await scan({ source: withSettings(fileSource(files, context.version), settings), checks, context, signal, onFault });
  const suppressions = createSuppressions(new Map(files.map(({ name, suppressions: asked }) => [name, asked])), { now: context.now, known: knownIds(checks) });
  const isSuppressed = (finding: LocatedFinding) => suppressions.of(finding) !== undefined;
  const findings = result.findings.filter((finding) => !isSuppressed(finding));
  return {
    result: { ...result, findings },
    places: new Map(findings.flatMap((finding) => placed(finding))),
    suppressed: new Set(result.findings.filter(isSuppressed).map(({ fingerprint }) => fingerprint)),
    files: wanted.length,
    objects: wanted.reduce((count, { objects }) => count + objects.length, 0),
    unread: [...unreadIn(archive, contents), ...notRendered(wanted), ...suppressions.unheeded.map(({ file, line, reason }) => ({ file, line, reason: `k8ssec:ignore does not hold: ${reason}`, hides: false }))],
    ...(archive.commit !== undefined && { commit: archive.commit }),
  };
}

/** The archive is the whole repository: there are no other pipelines than those in it. */
function pipelinesOf({ files, unread }: Archive, { host }: RepositorySettings): Pick<RepositorySettings, 'pipelines'> {
  return { pipelines: [...files, ...unread].map(({ name }) => name).filter((name) => pipelineHost(name) === host).sort(compareBytes) };
}

/** The settings come first: a file that says the same of the repository does not take their place. */
function withSettings(source: ObjectSource, settings: JudgeOptions['settings']): ObjectSource {
  return {
    version: source.version,
    async *list(kind, signal) {
      if (kind === 'RepositorySettings') yield [{ object: settingsDocument(settings), origin: new SettingsOrigin(settings) }];
      yield* source.list(kind, signal);
    },
  };
}

/** As `k8ssec scan` looks through a folder: nothing hidden, and only what is named like a manifest or Terraform. */
function isWanted(name: string, path: string | undefined): boolean {
  if (path !== undefined && name !== path && !name.startsWith(`${path}/`)) return false;
  const below = path === undefined ? name : name.slice(path.length + 1);
  return formatOfCode(name) !== undefined && !below.split('/').some((part) => part.startsWith('.'));
}

async function readFiles({ files }: Archive, signal: AbortSignal): Promise<ReadonlyMap<string, FileContent>> {
  const sorted = files.toSorted((a, b) => compareBytes(a.name, b.name));
  const terraform = sorted.filter(({ name }) => formatOfCode(name) === 'terraform').map(({ name, bytes }) => ({ name, open: () => onlyChunk(bytes) }));
  const contents = new Map(await readTerraformFiles(terraform, signal));
  for (const { name, bytes } of sorted) {
    signal.throwIfAborted();
    if (contents.has(name)) continue;
    contents.set(name, pipelineHost(name) === undefined ? await readBytes(onlyChunk(bytes)) : await readPipelineFile(name, onlyChunk(bytes)));
  }
  return contents;
}

function unreadIn(archive: Archive, contents: ReadonlyMap<string, FileContent>): readonly Unread[] {
  const broken = [...contents].flatMap(([file, content]) => ('reason' in content ? [{ file, reason: content.reason, hides: true }] : content.unreadable.map(({ reason, lasting }) => ({ file, reason, hides: lasting !== true }))));
  return [...archive.unread.map(({ name, reason }) => ({ file: name, reason, hides: true })), ...broken].map((unread) => ({ ...unread, ...lineIn(unread.reason) }));
}

/** What an archive holds comes from outside, and is not handed to another program. */
function notRendered(files: readonly { readonly name: string }[]): readonly Unread[] {
  const reason = 'not rendered here: what it makes is not judged, and its files are judged as they are written';
  return [...chartsAmong(files), ...files.filter(isKustomization)].map(({ name }) => ({ file: name, reason, hides: false }));
}

/** As reasons begin that know the line. */
function lineIn(reason: string): Pick<CodePlace, 'line'> {
  const line = /^line (\d+):/.exec(reason)?.[1];
  return line === undefined ? {} : { line: Number(line) };
}

function placed({ fingerprint, origin, steps = [] }: LocatedFinding): readonly (readonly [string, FindingPlace])[] {
  if (origin instanceof SettingsOrigin) return [[fingerprint, settingsPage(origin.settings, origin.settings.url, steps)]];
  return origin instanceof FilePlace ? [[fingerprint, { file: origin.file, line: origin.lineOf(steps) }]] : [];
}

async function* onlyChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
