import { isObject } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { fileJson, newFile, uploadUrl, type StoredFile } from '../state/files.ts';
import { addMessage } from '../state/messages.ts';
import { ApiError, invalidArguments } from './api-error.ts';
import { jsonArg, requiredArg, textArg, type Arguments } from './arguments.ts';
import { postingChannel, threadOf } from './chat.ts';

const MAX_BYTES = 1024 ** 3;

export function getUploadUrl(backend: Backend, args: Arguments): object {
  const length = Number(requiredArg(args, 'length'));
  if (!Number.isInteger(length) || length < 1) throw invalidArguments('must be greater than 0 [json-pointer:/length]');
  if (length > MAX_BYTES) throw new ApiError('file_upload_size_restricted');
  const file = newFile(backend, requiredArg(args, 'filename'), length, textArg(args, 'alt_text'));
  return { upload_url: uploadUrl(backend, file), file_id: file.id };
}

/** Makes uploads into files and, if a channel is given, shares them there in one message. */
export function completeUpload(backend: Backend, args: Arguments): object {
  const given = jsonArg(args, 'files', 'invalid_arguments');
  if (!Array.isArray(given) || given.length === 0) throw invalidArguments('missing required field: files');
  const entries = (given as readonly unknown[]).map((entry) => ({ entry, file: isObject(entry) ? backend.files.get(String(entry.id)) : undefined }));
  const channel = textArg(args, 'channel_id') === undefined ? undefined : postingChannel(backend, args, 'channel_id');
  const threadTs = channel === undefined ? undefined : threadOf(backend, channel, args);
  const files = entries.map(({ entry, file }) => finished(backend, entry, file));
  if (channel !== undefined) {
    addMessage(backend, channel, {
      text: textArg(args, 'initial_comment') ?? '',
      author: backend.app.botUserId,
      threadTs,
      files: files.map(({ id }) => id),
    });
    for (const file of files) file.sharedIn.add(channel.id);
  }
  backend.changes.tell({ about: 'files' });
  return { files: files.map((file) => fileJson(backend, file)) };
}

/** Unreachable for an app without `files:read`, which the scope check has refused before. */
export function filesInfo(backend: Backend, args: Arguments): object {
  const file = backend.files.get(requiredArg(args, 'file'));
  if (file?.completedAtMs === undefined) throw new ApiError('file_not_found');
  return { file: fileJson(backend, file) };
}

function finished(backend: Backend, entry: unknown, file: StoredFile | undefined): StoredFile {
  if (file?.content === undefined || file.completedAtMs !== undefined) throw new ApiError('file_not_found');
  file.completedAtMs = backend.clock.nowMs();
  if (isObject(entry) && typeof entry.title === 'string') file.title = entry.title;
  return file;
}
