import { nowSeconds, type Backend } from './backend.ts';
import { secret } from './ids.ts';

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  title: string;
  readonly altText: string | undefined;
  /** Bytes announced when the upload was asked for. */
  readonly length: number;
  readonly created: number;
  /** Part of the address to which the content is sent. */
  readonly uploadKey: string;
  content: Buffer | undefined;
  /** On the stand-in's clock; until the upload is completed it is no file yet. */
  completedAtMs: number | undefined;
  readonly sharedIn: Set<string>;
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  csv: 'text/csv',
  json: 'application/json',
  txt: 'text/plain',
  pdf: 'application/pdf',
  svg: 'image/svg+xml',
};

/** The kinds that an image block shows. */
const PICTURES: ReadonlySet<string> = new Set(['png', 'jpg', 'jpeg', 'gif']);

export function newFile(backend: Backend, name: string, length: number, altText: string | undefined): StoredFile {
  const file: StoredFile = {
    id: backend.newId('F'),
    name,
    title: name,
    altText,
    length,
    created: nowSeconds(backend),
    uploadKey: secret(),
    content: undefined,
    completedAtMs: undefined,
    sharedIn: new Set(),
  };
  backend.files.set(file.id, file);
  return file;
}

export function uploadUrl(backend: Backend, file: StoredFile): string {
  return `${backend.origin()}/upload/v1/${file.id}/${file.uploadKey}`;
}

function extensionOf(file: StoredFile): string {
  return file.name.includes('.') ? (file.name.split('.').at(-1)?.toLowerCase() ?? '') : 'txt';
}

export function mimeTypeOf(file: StoredFile): string {
  return MIME_TYPES[extensionOf(file)] ?? 'application/octet-stream';
}

/** Whether an image block may show it now. */
export function isShowable(backend: Backend, file: StoredFile): boolean {
  if (file.completedAtMs === undefined || !PICTURES.has(extensionOf(file))) return false;
  return backend.clock.nowMs() >= file.completedAtMs + backend.behaviour.fileReadyMs;
}

export function privateUrl(backend: Backend, file: StoredFile): string {
  return `${backend.origin()}/files/${file.id}/${encodeURIComponent(file.name)}`;
}

export function fileJson(backend: Backend, file: StoredFile): Record<string, unknown> {
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    ...(file.altText !== undefined && { alt_txt: file.altText }),
    mimetype: mimeTypeOf(file),
    filetype: extensionOf(file),
    user: backend.app.botUserId,
    user_team: backend.team.id,
    size: file.content?.length ?? file.length,
    is_external: false,
    is_public: [...file.sharedIn].some((id) => backend.channels.get(id)?.kind === 'public'),
    channels: [...file.sharedIn].filter((id) => backend.channels.get(id)?.kind === 'public'),
    groups: [...file.sharedIn].filter((id) => backend.channels.get(id)?.kind === 'private'),
    ims: [...file.sharedIn].filter((id) => backend.channels.get(id)?.kind === 'im'),
    url_private: privateUrl(backend, file),
    permalink: privateUrl(backend, file),
  };
}
