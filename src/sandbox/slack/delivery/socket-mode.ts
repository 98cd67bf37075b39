import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { LIMITS } from '#src/blocks/limits.ts';
import { isObject } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { secret } from '../state/ids.ts';
import type { Delivered, Envelope, Transport } from './transport.ts';

const TICKET_MS = 30_000;
const PING_MS = 10_000;
/** By the machine's clock. */
const CLOSE_MS = 500;
/** Between Slack's warning and the end of a connection. */
const WARNING_MS = 10_000;

/** The app's connections, and what a test can do to them. */
export interface SocketMode extends Transport {
  /** Address for one connection. */
  readonly ticketUrl: () => string;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly count: () => number;
  /** Asks a connection to go: first, if told so, with a warning of ten seconds. Numbered from 0, oldest first. */
  readonly refresh: (index: number, options?: { readonly warning?: boolean }) => void;
  /** Breaks all connections without a word. */
  readonly drop: () => void;
  /** Closes all connections because Socket Mode was switched off. */
  readonly disable: () => void;
  /** Sends the next envelope twice, the second time on another connection if there is one. */
  readonly repeatNext: () => void;
  /** While frozen, acknowledgements do not arrive. */
  readonly freeze: (frozen: boolean) => void;
  readonly stop: () => Promise<void>;
}

interface Pending {
  readonly sentAtMs: number;
  readonly settle: (delivered: Delivered) => void;
}

export function createSocketMode(backend: Backend): SocketMode {
  const { clock, changes } = backend;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, number>();
  const sockets = new Set<WebSocket>();
  const pending = new Map<string, Pending>();
  let turn = 0;
  let repeats = 0;
  let frozen = false;

  function accept(socket: WebSocket): void {
    if (sockets.size >= LIMITS.socketsPerApp) {
      say(socket, { type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'sandbox' } });
      socket.close();
      return;
    }
    sockets.add(socket);
    const cancelPings = keepPinging(socket);
    socket.on('message', (data) => hear(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      cancelPings();
      sockets.delete(socket);
      changes.tell({ about: 'sockets' });
    });
    const hello = { num_connections: sockets.size, debug_info: { host: 'sandbox', build_number: 1, approximate_connection_time: 18_060 }, connection_info: { app_id: backend.app.id } };
    say(socket, { type: 'hello', ...hello });
    changes.tell({ about: 'sockets' });
  }

  /** By the machine's clock, by which the app's library waits for them. */
  function keepPinging(socket: WebSocket): () => void {
    const timer = setInterval(() => socket.ping(), PING_MS).unref();
    return () => clearInterval(timer);
  }

  function hear(data: RawData): void {
    const message = parsed(data);
    const envelope = pending.get(String(message.envelope_id));
    if (frozen || envelope === undefined) return;
    const answer = isObject(message.payload) && Object.keys(message.payload).length === 0 ? undefined : message.payload;
    envelope.settle({ result: 'acknowledged', afterMs: clock.nowMs() - envelope.sentAtMs, answer });
  }

  function send(envelope: Envelope): Promise<Delivered> {
    const open = [...sockets].filter(({ readyState, OPEN }) => readyState === OPEN);
    const socket = open[turn++ % Math.max(1, open.length)];
    if (socket === undefined) return Promise.resolve({ result: 'unreachable' });
    const id = randomUUID();
    return new Promise((resolve) => {
      const cancel = clock.after(LIMITS.acknowledgeMs, () => settle({ result: 'timed_out' }));
      const settle = (delivered: Delivered) => {
        cancel();
        pending.delete(id);
        resolve(delivered);
      };
      pending.set(id, { sentAtMs: clock.nowMs(), settle });
      const text = envelopeJson(id, envelope);
      say(socket, text);
      if (repeats === 0) return;
      repeats -= 1;
      say(open[turn++ % open.length] ?? socket, text);
    });
  }

  function disconnect(socket: WebSocket, reason: string): void {
    say(socket, { type: 'disconnect', reason, debug_info: { host: 'sandbox' } });
    if (reason !== 'warning') socket.close();
  }

  return {
    send,
    ticketUrl() {
      const ticket = secret();
      tickets.set(ticket, clock.nowMs() + TICKET_MS);
      return `${backend.origin().replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${backend.app.id}`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '', 'http://sandbox').searchParams.get('ticket') ?? '';
      const expiresAt = tickets.get(ticket);
      tickets.delete(ticket);
      if (expiresAt === undefined || expiresAt < clock.nowMs()) {
        socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, accept);
    },
    count: () => sockets.size,
    refresh(index, { warning = false } = {}) {
      const socket = [...sockets][index];
      if (socket === undefined) throw new Error(`The app has no connection ${index}.`);
      if (!warning) disconnect(socket, 'refresh_requested');
      else {
        disconnect(socket, 'warning');
        clock.after(WARNING_MS, () => disconnect(socket, 'refresh_requested'));
      }
    },
    drop: () => sockets.forEach((socket) => socket.terminate()),
    disable: () => sockets.forEach((socket) => disconnect(socket, 'link_disabled')),
    repeatNext: () => void (repeats += 1),
    freeze: (value) => void (frozen = value),
    async stop() {
      for (const { settle } of [...pending.values()]) settle({ result: 'unreachable' });
      await Promise.all([...sockets].map(closeProperly));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** With the closing handshake, without which the app's library keeps timers; but nobody is waited for who does not take part. */
async function closeProperly(socket: WebSocket): Promise<void> {
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
  socket.close();
  await closed;
  clearTimeout(timer);
}

function envelopeJson(id: string, { type, payload, acceptsAnswer, retry }: Envelope): object {
  const retries = type === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {};
  return { envelope_id: id, type, payload, accepts_response_payload: acceptsAnswer, ...retries };
}

function say(socket: WebSocket, message: object): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

function parsed(data: RawData): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse((data as Buffer).toString()) as unknown;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
