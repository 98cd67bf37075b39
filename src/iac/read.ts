import { createReadStream } from 'node:fs';
import { describeFault } from './fault.ts';
import { hiddenIn, readManifest, type Manifest } from './manifest.ts';
import { readPipeline } from './pipeline.ts';
import { hclSuppressions } from './suppressions.ts';
import { readTerraform, type TerraformText } from './terraform/read.ts';
import { decodeText, type Decoded } from './text.ts';

const MIB = 1024 * 1024;
/** What is made of a file takes some ten times its room. */
const MAX_FILE_BYTES = 64 * MIB;
const MAX_PIPELINE_BYTES = 4 * MIB;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOENT: 'it is not there any more',
  EISDIR: 'it is a folder',
};

/** The manifest in a file, or why the whole of it cannot be read. */
export type FileContent = Manifest | { readonly reason: string };

/** Also reads pipes, such as those of `<(helm template …)`. */
export function readFile(path: string, signal: AbortSignal): Promise<FileContent> {
  return readBytes(openFile(path, signal));
}

export function openFile(path: string, signal: AbortSignal): AsyncIterable<Uint8Array> {
  return createReadStream(path, { signal });
}

/** Reads a file of pipelines; it is named from the root of its repository. */
export async function readPipelineFile(name: string, stream: AsyncIterable<Uint8Array>): Promise<FileContent> {
  const decoded = await readText(stream, MAX_PIPELINE_BYTES);
  return 'reason' in decoded ? decoded : readPipeline(name, decoded.text);
}

/** A Terraform file that is opened when it is its turn. */
export interface TerraformInput {
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** Reads a manifest from a stream, such as standard input. */
export async function readBytes(stream: AsyncIterable<Uint8Array>, maxBytes: number = MAX_FILE_BYTES): Promise<FileContent> {
  const decoded = await readText(stream, maxBytes);
  return 'reason' in decoded ? decoded : readManifest(decoded.text);
}

/**
 * Reads Terraform files, which are one configuration where they are in one folder.
 *
 * A folder that another calls as a module is judged with the values that it is given there.
 */
export async function readTerraformFiles(files: readonly TerraformInput[], signal: AbortSignal): Promise<ReadonlyMap<string, FileContent>> {
  const contents = new Map<string, FileContent>();
  const texts: TerraformText[] = [];
  for (const { name, open } of files) {
    const decoded = await readText(open(), MAX_FILE_BYTES);
    signal.throwIfAborted();
    if ('reason' in decoded) contents.set(name, decoded);
    else texts.push({ name, text: decoded.text });
  }
  const read = await readTerraform(texts, signal);
  for (const { name, text } of texts) {
    const content = read.get(name);
    if (content === undefined) continue;
    const suppressions = /\.json$/i.test(name) ? [] : hclSuppressions(text);
    contents.set(name, 'reason' in content ? { reason: describeFault(content, 0) } : { ...content, unreadable: hiddenIn(content.objects), documents: 1, terraform: false, suppressions });
  }
  return contents;
}

/** The text of a stream, or why it cannot be had. */
export async function readText(stream: AsyncIterable<Uint8Array>, maxBytes: number = MAX_FILE_BYTES): Promise<Decoded> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > maxBytes) return { reason: `larger than ${Math.round(maxBytes / MIB)} MiB` };
      chunks.push(chunk);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { reason: REASONS[code ?? ''] ?? `it cannot be read (${code ?? 'unknown'})` };
  }
  return decodeText(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
}
