import { readArchive, type Archive } from '#src/iac/archive.ts';
import { compareBytes, formatOfCode } from '#src/iac/files.ts';
import { readBytes, readTerraformFiles, type FileContent } from '#src/iac/read.ts';
import { FilePlace, fileSource } from '#src/iac/source.ts';
import { createSuppressions, knownIds } from '#src/iac/suppress.ts';
import type { Check, CheckContext } from '#src/model/check.ts';
import type { CodePlace, RepositoryTarget } from '#src/model/repositories.ts';
import type { LocatedFinding, ScanResult } from '#src/model/scan-result.ts';
import { scan } from '#src/scan/scan.ts';

export interface JudgeOptions {
  readonly checks: readonly Check[];
  readonly context: CheckContext;
  readonly signal: AbortSignal;
  readonly onFault: (unit: string, error: unknown) => void;
}

/** What the files of a repository hold. */
export interface JudgedArchive {
  /** Without the findings that comments leave out. */
  readonly result: ScanResult;
  /** By fingerprint. */
  readonly places: ReadonlyMap<string, CodePlace>;
  /** Fingerprints of findings that comments leave out. */
  readonly suppressed: ReadonlySet<string>;
  /** Files read. */
  readonly files: number;
  readonly unread: readonly Unread[];
  readonly commit?: string;
}

export interface Unread extends CodePlace {
  readonly reason: string;
  /** It hides what is in the file. Not so a comment that does not hold. */
  readonly hides: boolean;
}

/** Judges the manifests and Terraform files of a packed archive as one cluster. @throws {ArchiveRefused} */
export async function judgeArchive(packed: Uint8Array, { path }: Pick<RepositoryTarget, 'path'>, options: JudgeOptions): Promise<JudgedArchive> {
  const archive = await readArchive(onlyChunk(packed), (name) => isWanted(name, path));
  const contents = await readFiles(archive, options.signal);
  const files = [...contents].flatMap(([name, content]) => ('reason' in content ? [] : [{ name, ...content }]));
  const { checks, context, signal, onFault } = options;
  const result = await scan({ source: fileSource(files, context.version), checks, context, signal, onFault });
  const suppressions = createSuppressions(new Map(files.map(({ name, suppressions: asked }) => [name, asked])), { now: context.now, known: knownIds(checks) });
  const isSuppressed = (finding: LocatedFinding) => suppressions.of(finding) !== undefined;
  const findings = result.findings.filter((finding) => !isSuppressed(finding));
  return {
    result: { ...result, findings },
    places: new Map(findings.flatMap((finding) => placed(finding))),
    suppressed: new Set(result.findings.filter(isSuppressed).map(({ fingerprint }) => fingerprint)),
    files: files.length,
    unread: [...unreadIn(archive, contents), ...suppressions.unheeded.map(({ file, line, reason }) => ({ file, line, reason: `k8ssec:ignore does not hold: ${reason}`, hides: false }))],
    ...(archive.commit !== undefined && { commit: archive.commit }),
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
    if (!contents.has(name)) contents.set(name, await readBytes(onlyChunk(bytes)));
  }
  return contents;
}

function unreadIn(archive: Archive, contents: ReadonlyMap<string, FileContent>): readonly Unread[] {
  const broken = [...contents].flatMap(([file, content]) => ('reason' in content ? [{ file, reason: content.reason, hides: true }] : content.unreadable.map(({ reason }) => ({ file, reason, hides: true }))));
  return [...archive.unread.map(({ name, reason }) => ({ file: name, reason, hides: true })), ...broken].map((unread) => ({ ...unread, ...lineIn(unread.reason) }));
}

/** As reasons begin that know the line. */
function lineIn(reason: string): Pick<CodePlace, 'line'> {
  const line = /^line (\d+):/.exec(reason)?.[1];
  return line === undefined ? {} : { line: Number(line) };
}

function placed({ fingerprint, origin, steps = [] }: LocatedFinding): readonly (readonly [string, CodePlace])[] {
  return origin instanceof FilePlace ? [[fingerprint, { file: origin.file, line: origin.lineOf(steps) }]] : [];
}

async function* onlyChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
