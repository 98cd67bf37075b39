import { Client, credentials, Metadata, status, type ChannelCredentials, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import type { RelaySettings } from '#src/model/event-intake.ts';
import { SourceFailed, type SourceDeps } from '#src/model/people.ts';
import { getFlows } from './observer.ts';

/** Answers that wait to be taken. With more of them Hubble is not read on: it says what it loses then. */
const MAX_WAITING = 5000;
/** Servers of gRPC hang up on whoever asks more often than every five minutes whether they are alive. */
const KEEPALIVE_MS = 6 * 60_000;

/** A stream of Hubble's answers. */
export interface FlowStream {
  /** What has come, after at most so long; nothing when nothing did. @throws {SourceFailed} when the stream has ended and everything was taken. */
  readonly take: (most: number, waitMs: number) => Promise<readonly object[]>;
  readonly close: () => void;
}

/** Listens to what Hubble Relay tells from a moment on. */
export async function openFlowStream(settings: RelaySettings, sinceMs: number, deps: Pick<SourceDeps, 'secret'>): Promise<FlowStream> {
  const { serverName } = settings;
  const client = new Client(settings.address, await credentialsOf(settings, deps), {
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    ...(serverName !== undefined && { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName }),
  });
  const { path, requestSerialize, responseDeserialize } = getFlows();
  const since = { seconds: Math.floor(sinceMs / 1000), nanos: (sinceMs % 1000) * 1_000_000 };
  const stream = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { follow: true, since }, new Metadata());
  return listen(stream, () => client.close());
}

async function credentialsOf({ plaintext, ca, cert, key }: RelaySettings, deps: Pick<SourceDeps, 'secret'>): Promise<ChannelCredentials> {
  if (plaintext) return credentials.createInsecure();
  const [root, privateKey, chain] = await Promise.all([ca, key, cert].map(async (ref) => (ref === undefined ? null : Buffer.from(await deps.secret(ref)))));
  try {
    return credentials.createSsl(root, privateKey, chain);
  } catch (error) {
    // The cause may quote the key.
    throw new SourceFailed('refused', 'the certificates for Hubble Relay cannot be used', { cause: error instanceof Error ? error.name : undefined });
  }
}

function listen(stream: ClientReadableStream<object>, release: () => void): FlowStream {
  let waiting: object[] = [];
  let ended: SourceFailed | undefined;
  let wake: () => void = () => undefined;
  stream.on('data', (answer: object) => {
    waiting.push(answer);
    if (waiting.length >= MAX_WAITING) stream.pause();
    wake();
  });
  const end = (failure: SourceFailed) => {
    ended ??= failure;
    wake();
  };
  stream.on('error', (error: Partial<ServiceError>) => end(failureOf(error)));
  stream.on('end', () => end(new SourceFailed('unreachable', 'Hubble Relay has ended the stream')));
  return {
    async take(most, waitMs) {
      if (waiting.length === 0 && ended === undefined) await within(waitMs, (come) => (wake = come));
      if (waiting.length === 0 && ended !== undefined) throw ended;
      const taken = waiting.slice(0, most);
      waiting = waiting.slice(taken.length);
      stream.resume();
      return taken;
    },
    close() {
      stream.cancel();
      release();
    },
  };
}

/** Until something comes, or the time is over. */
async function within(ms: number, onCome: (come: () => void) => void): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    onCome(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Details of gRPC name addresses, so they stay out of the message. */
function failureOf({ code }: Partial<ServiceError>): SourceFailed {
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) return new SourceFailed('refused', 'Hubble Relay refuses the certificate of the bot');
  if (code === status.UNIMPLEMENTED) return new SourceFailed('garbled', 'what answers there is no Hubble Relay');
  return new SourceFailed('unreachable', `Hubble Relay does not answer (${code === undefined ? 'unknown' : status[code]})`);
}
