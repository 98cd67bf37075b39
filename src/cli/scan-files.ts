import { compareBytes, findFiles, formatOfCode, type FormatOf, type FoundFile, type FoundFiles } from '#src/iac/files.ts';
import type { Manifest } from '#src/iac/manifest.ts';
import { openFile, readBytes, readFile, readPipelineFile, readTerraformFiles, type FileContent, type TerraformInput } from '#src/iac/read.ts';
import { fileSource, type FileObjects } from '#src/iac/source.ts';
import { createSuppressions, type SuppressionsByFile, type Unheeded } from '#src/iac/suppress.ts';
import type { Suppression } from '#src/iac/suppressions.ts';
import type { Check, CheckContext } from '#src/model/check.ts';
import { UsageError } from '#src/model/command.ts';
import { qualifiedName } from '#src/model/finding.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { formatVersion } from '#src/model/version.ts';
import { scan } from '#src/scan/scan.ts';
import type { FaultNotes } from './fault-notes.ts';
import type { Notes } from './notes.ts';
import { listed } from './output/words.ts';
import { byPlace, findingRecord, suppressedRecord, type FileRecord, type ScanRecord, type UnreadableRecord } from './records.ts';
import { renderInputs } from './render-inputs.ts';
import { STDIN } from './target.ts';
import { createTotals, summaryRecord } from './totals.ts';

export interface FileTarget {
  readonly paths: readonly string[];
  /** What `-` among the paths is called in the result. */
  readonly inputName: string;
  readonly isolate: 'none' | 'file';
}

/** What a scan needs whatever it looks at. */
export interface ScanNeeds {
  readonly checks: readonly Check[];
  readonly context: CheckContext;
  readonly notes: Notes;
  readonly faults: FaultNotes;
  readonly signal: AbortSignal;
  /** Told the result of each cluster, or of the files, before its findings are given out. */
  readonly onResult?: (result: ScanResult, cluster?: string) => void;
}

export interface FileNeeds extends ScanNeeds {
  readonly stdin: () => AsyncIterable<Uint8Array>;
  /** Where helm, kustomize and kubectl are looked for, as `PATH` has it. */
  readonly searchPath: string | undefined;
  /** The id of each check, by that id and by its former ones, for comments that leave out findings; absent where no comment may. */
  readonly knownChecks?: ReadonlyMap<string, string>;
}

/** The objects of a file, and what its comments ask for. */
interface JudgedFile extends FileObjects {
  readonly suppressions: readonly Suppression[];
}

const NAMED = 3;

/** What is known of the files so far. */
export interface Count {
  files: number;
  objects: number;
  unreadable: number;
  findings: number;
  /** Findings that comments leave out. */
  suppressed: number;
  /** Comments that leave nothing out. */
  readonly unheeded: Unheeded[];
  /** Some document could be judged, or was empty. */
  readable: boolean;
  /** Files with Terraform that was not judged. */
  readonly terraform: string[];
}

export function createCount(): Count {
  return { files: 0, objects: 0, unreadable: 0, findings: 0, suppressed: 0, unheeded: [], readable: false, terraform: [] };
}

/** Nothing under the paths could be read. */
export class NothingReadable extends Error {}

/**
 * Judges files, and gives out what it finds as soon as it is known.
 *
 * @throws {UsageError} before anything is given out, {NothingReadable} after the summary.
 */
export async function* scanFiles(target: FileTarget, needs: FileNeeds): AsyncGenerator<ScanRecord> {
  const found = withoutLonely(await findInputs(target), target);
  const count = createCount();
  const totals = createTotals();
  const kept: JudgedFile[] = [];
  const { files, contents, unreadable } = await renderInputs(target, found, { ...needs, version: needs.context.version });
  for (const { name, reason } of unreadable) {
    count.unreadable += 1;
    yield { type: 'unreadable', file: name, reason };
  }
  const terraform = await readTerraform(target, found, needs);
  for (const [index, file] of files.entries()) {
    needs.signal.throwIfAborted();
    needs.notes.progress(`${index} of ${files.length} files`);
    const content = contents.get(file.name) ?? terraform.get(file.name) ?? (await readInput(file, needs));
    needs.signal.throwIfAborted();
    const objects = 'reason' in content ? { name: file.name, objects: [], suppressions: [] } : { name: file.name, ...content };
    if (target.isolate === 'none') kept.push(objects);
    else if (objects.objects.length > 0 || objects.suppressions.length > 0) yield* judge([objects], needs, totals.add, count);
    yield* contentRecords(file.name, content, count);
  }
  if (target.isolate === 'none') {
    noteDuplicates(kept, needs.notes);
    yield* judge(kept, needs, totals.add, count);
  }
  noteGaps(found, count, needs.notes);
  yield summaryRecord(totals, { ...pickCounts(count), kubernetesVersion: formatVersion(needs.context.version) });
  if (isNothingRead(count, unreadable)) throw new NothingReadable(found.files.length === 0 ? 'There is no YAML, JSON or Terraform file under the given paths.' : 'Nothing under the given paths could be read.');
}

/** A kustomization or chart that could not be rendered says nothing as it is written, though it can be read. */
export function isNothingRead({ readable, objects }: Count, unread: FoundFiles['unreadable']): boolean {
  return !readable || (objects === 0 && unread.length > 0);
}

function pickCounts({ files, objects, unreadable, findings, suppressed, unheeded }: Count): Pick<Count, 'files' | 'objects' | 'unreadable' | 'findings' | 'suppressed' | 'unheeded'> {
  return { files, objects, unreadable, findings, suppressed, unheeded };
}

/** One pipeline may do what another does not: alone it says nothing. */
function withoutLonely(found: FoundFiles, { isolate }: FileTarget): FoundFiles {
  return isolate === 'none' ? found : { ...found, files: found.files.filter(({ format }) => format !== 'pipeline') };
}

/** The files in byte order of their names, standard input among them. */
export async function findInputs({ paths, inputName }: FileTarget, formatOf?: FormatOf): Promise<FoundFiles> {
  const found = await findFiles(paths.filter((path) => path !== STDIN), formatOf);
  if (found.missing.length > 0) throw new UsageError(`There is no file or folder ${found.missing.map((path) => `"${path}"`).join(', ')}.`);
  if (!paths.includes(STDIN)) return found;
  const input: FoundFile = { name: inputName, path: STDIN, format: (formatOf ?? formatOfCode)(inputName) ?? 'manifest' };
  return { ...found, files: [...found.files, input].sort((a, b) => compareBytes(a.name, b.name)) };
}

export async function readInput(file: FoundFile, { stdin, signal }: Pick<FileNeeds, 'stdin' | 'signal'>): Promise<FileContent> {
  if (file.pipeline !== undefined) return readPipelineFile(file.pipeline, openFile(file.path, signal));
  const terraform = file.format === 'terraform' ? await readTerraformFiles([terraformInput(file, { stdin, signal })], signal) : undefined;
  return terraform?.get(file.name) ?? (file.path === STDIN ? await readBytes(stdin()) : await readFile(file.path, signal));
}

/** The Terraform among files: those of a folder explain each other, unless each is to be judged alone. */
export async function readTerraform({ isolate }: FileTarget, { files }: FoundFiles, needs: Pick<FileNeeds, 'stdin' | 'signal'>): Promise<ReadonlyMap<string, FileContent>> {
  if (isolate === 'file') return new Map();
  return readTerraformFiles(files.filter(({ format }) => format === 'terraform').map((file) => terraformInput(file, needs)), needs.signal);
}

function terraformInput({ name, path }: FoundFile, { stdin, signal }: Pick<FileNeeds, 'stdin' | 'signal'>): TerraformInput {
  return { name, open: () => (path === STDIN ? stdin() : openFile(path, signal)) };
}

/** The objects as one cluster. */
async function* judge(files: readonly JudgedFile[], needs: FileNeeds, add: (result: ScanResult) => void, count: Count): AsyncGenerator<ScanRecord> {
  const { checks, context, signal, faults } = needs;
  const result = await scan({ source: fileSource(files, context.version), checks, context, signal, onFault: faults.report });
  add(result);
  needs.onResult?.(result);
  const where = files.length === 1 && files[0] !== undefined ? { file: files[0].name } : {};
  const suppressions = suppressionsOf(files, needs, count);
  const records = result.findings.map((finding) => {
    const suppression = suppressions?.of(finding);
    const record = findingRecord(finding, where);
    return suppression === undefined ? record : suppressedRecord(record, suppression);
  });
  const byFile = Map.groupBy(records, (record) => record.file);
  for (const { type } of records) count[type === 'finding' ? 'findings' : 'suppressed'] += 1;
  for (const file of [...files.map(({ name }) => name), undefined]) yield* (byFile.get(file) ?? []).sort(byPlace);
}

/** The comments of the files; those that do not hold are said. */
function suppressionsOf(files: readonly JudgedFile[], { knownChecks: known, context: { now }, notes }: FileNeeds, count: Count) {
  if (known === undefined) return undefined;
  const byFile: SuppressionsByFile = new Map(files.map(({ name, suppressions }) => [name, suppressions]));
  const suppressions = createSuppressions(byFile, { now, known });
  for (const { file, line, reason } of suppressions.unheeded) notes.note(`${file}:${line}: k8ssec:ignore does not hold: ${reason}.`);
  count.unheeded.push(...suppressions.unheeded);
  return suppressions;
}

/** Counts what a file holds, and says what could not be read of it. */
export function* contentRecords(file: string, content: FileContent, count: Count): Generator<UnreadableRecord | FileRecord> {
  if ('reason' in content) {
    count.unreadable += 1;
    yield { type: 'unreadable', file, reason: content.reason };
    return;
  }
  count.files += 1;
  count.objects += content.objects.length;
  count.unreadable += content.unreadable.length;
  count.readable ||= isReadable(content);
  if (content.terraform) count.terraform.push(file);
  for (const { document, reason } of content.unreadable) yield { type: 'unreadable', file, ...(document !== undefined && { document }), reason };
  yield { type: 'file', file, objects: content.objects.length };
}

function isReadable({ objects, documents, unreadable }: Manifest): boolean {
  return objects.length > 0 || documents === 0 || documents > unreadable.length;
}

/** Two files that define one object are one object to the checks, which may not be what was meant. */
function noteDuplicates(files: readonly FileObjects[], notes: Notes): void {
  const filesOf = new Map<string, Set<string>>();
  for (const { name, objects } of files) {
    for (const { object, address } of objects) {
      const key = address === undefined ? nameOf(object) : undefined;
      if (key !== undefined) filesOf.set(key, (filesOf.get(key) ?? new Set()).add(name));
    }
  }
  const twice = [...filesOf].filter(([, names]) => names.size > 1).map(([key]) => key);
  if (twice.length === 0) return;
  const what = twice.length === 1 ? 'object is' : 'objects are';
  notes.note(`${twice.length} ${what} in more than one file and judged as one: ${listed(twice, NAMED)}. With --isolate file every file is a cluster of its own.`);
}

/** As two files may share it; undefined for an object without a name. */
function nameOf(object: RawObject): string | undefined {
  const kind = textAt(object, 'kind') ?? '';
  const name = textAt(object, 'metadata', 'name');
  const namespace = textAt(object, 'metadata', 'namespace');
  return name === undefined ? undefined : `${kind} ${qualifiedName({ kind, name, ...(namespace !== undefined && { namespace }) })}`;
}

/** What was left out is said, so that nobody takes it for healthy. */
export function noteGaps(found: FoundFiles, { terraform, objects, readable }: Count, notes: Notes): void {
  if (terraform.length > 0) notes.note(`Terraform ${terraform.length === 1 ? 'in this file' : `in these ${terraform.length} files`} was not judged: ${listed(terraform, NAMED)}.`);
  if (found.linksLeft.length > 0) notes.note(`Links that lead out of their folder were not followed: ${listed(found.linksLeft, NAMED)}.`);
  if (readable && objects === 0) notes.note('The files hold no Kubernetes objects and no Terraform, so there was nothing to judge.');
}
