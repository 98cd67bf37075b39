import { gunzipSync } from 'node:zlib';
import { isObject, listAt, objectAt, textAt, type RawObject } from '#src/model/raw.ts';

/** One audit event as a log holds it, or why something in a log is none. */
export type WrappedEvent =
  | { readonly form: 'native' | 'gke'; readonly event: RawObject }
  | { readonly malformed: string }
  /** A line of another log that travels the same way. */
  | { readonly other: string };

/** A wrapping within a wrapping is real; deeper ones are somebody's joke. */
const MAX_DEPTH = 4;
const MAX_UNZIPPED_BYTES = 64 * 1024 * 1024;
const OPEN_OBJECT = 0x7b;

/** The events within a value of a log: API server, CloudWatch, Google Cloud Logging or Azure Monitor, one or many. */
export function unwrapEvents(value: unknown, depth = 0): readonly WrappedEvent[] {
  if (depth > MAX_DEPTH) return [{ malformed: 'wrapped too deeply' }];
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => unwrapEvents(entry, depth + 1));
  if (!isObject(value)) return [{ malformed: 'not an object' }];
  if (isNative(value)) return [{ form: 'native', event: value }];
  const gke = objectAt(value, 'protoPayload');
  if (gke !== undefined) return [textAt(gke, 'methodName')?.startsWith('io.k8s.') ? { form: 'gke', event: value } : { other: 'not of the Kubernetes API' }];
  return unwrapEnvelope(value, depth);
}

function isNative(value: RawObject): boolean {
  return typeof value.verb === 'string' && (isObject(value.objectRef) || typeof value.requestURI === 'string' || isObject(value.user));
}

/** An `EventList`, a batch or a record of a provider. */
function unwrapEnvelope(value: RawObject, depth: number): readonly WrappedEvent[] {
  if (textAt(value, 'kind') === 'EventList') return unwrapEvents(listAt(value, 'items'), depth);
  const batch = [value.events, value.logEvents, value.records].find((list) => Array.isArray(list));
  if (batch !== undefined) return unwrapEvents(batch, depth);
  const packed = textAt(value, 'awslogs', 'data') ?? textAt(value, 'message', 'data') ?? textAt(value, 'data');
  if (packed !== undefined) return unwrapPacked(Buffer.from(packed, 'base64'), depth);
  const log = objectAt(value, 'properties')?.log ?? value.message;
  if (typeof log === 'string') return unwrapText(log, depth);
  if (isObject(log)) return unwrapEvents(log, depth + 1);
  return textAt(value, 'messageType') === 'CONTROL_MESSAGE' ? [{ other: 'a control message of CloudWatch' }] : [{ malformed: 'no audit event' }];
}

/** Other logs of the control plane share the stream, and are no JSON. */
function unwrapText(text: string, depth: number): readonly WrappedEvent[] {
  if (!text.trimStart().startsWith('{')) return [{ other: 'a line of another log' }];
  try {
    return unwrapEvents(JSON.parse(text), depth + 1);
  } catch {
    return [{ malformed: 'its text is not valid JSON' }];
  }
}

/** Amazon packs what Lambda and Firehose get, Google does not pack what Pub/Sub does. */
function unwrapPacked(data: Buffer, depth: number): readonly WrappedEvent[] {
  if (data[0] === OPEN_OBJECT) return unwrapText(data.toString('utf8'), depth);
  let text: string;
  try {
    text = gunzipSync(data, { maxOutputLength: MAX_UNZIPPED_BYTES }).toString('utf8');
  } catch {
    return [{ malformed: 'its data cannot be unzipped' }];
  }
  return unwrapText(text, depth);
}
