import type { Server } from 'node:http';
import { createRateLimits, USUAL_RATES, type RateOptions } from './api/rate-limits.ts';
import type { Tokens } from './api/tokens.ts';
import { installedApp, type AppManifest } from './app-config.ts';
import { createSessions, type Session } from './client/session.ts';
import { createChanges } from './control/changes.ts';
import { createClock } from './control/clock.ts';
import { createFaults, type Faults } from './control/faults.ts';
import { createRequestLog, type RequestLog } from './control/request-log.ts';
import { createCourier, type Courier } from './delivery/delivery.ts';
import { createHttpMode, type HttpMode } from './delivery/http-mode.ts';
import { createSocketMode, type SocketMode } from './delivery/socket-mode.ts';
import type { Transport } from './delivery/transport.ts';
import { createSlackServer } from './server/server.ts';
import type { Backend } from './state/backend.ts';
import { createBackend, type WorkspaceOptions } from './state/create.ts';
import { idOf, secret } from './state/ids.ts';
import type { User } from './state/people.ts';

export interface SlackSandboxOptions extends WorkspaceOptions {
  /** Decides what the app may do and what it hears of. */
  readonly manifest: AppManifest;
  /** As the manifest says, if it is not given. */
  readonly mode?: 'socket' | 'http';
  /** Where HTTP mode sends to; may be given later with `control.http().useRequestUrl`. */
  readonly requestUrl?: string;
  /** `manual` stands still until a test moves it. */
  readonly clock?: 'running' | 'manual';
  /** What the clock shows at first; the machine's time, if it is not given. */
  readonly startsAt?: Date;
  /** 0 is any free port. */
  readonly port?: number;
  /** False: as if the person who installed the app had granted none of its optional scopes. */
  readonly optionalScopes?: boolean;
  /** Directory of the web page. */
  readonly pageAssets?: string;
  /** How long tests wait for something to be seen before they fail, by the machine's clock. */
  readonly patienceMs?: number;
  /** Told when a request fails for a fault of the stand-in itself. Without it `stop` throws such errors. */
  readonly onError?: (error: unknown) => void;
}


/** All pieces of the stand-in, joined and not yet listening. */
export interface Assembly {
  readonly backend: Backend;
  readonly tokens: Tokens;
  readonly signingSecret: string;
  readonly courier: Courier;
  readonly sockets: SocketMode | undefined;
  readonly http: HttpMode | undefined;
  readonly faults: Faults;
  readonly rates: RateOptions;
  readonly log: RequestLog;
  readonly sessionOf: (user: User) => Session;
  readonly server: Server;
  /** Addresses that become known later. */
  readonly addresses: Addresses;
  /** Faults of the stand-in itself, if nobody else is told of them. */
  readonly errors: readonly unknown[];
}

export interface Addresses {
  origin: string;
  requestUrl: string | undefined;
}

const PATIENCE_MS = 4000;

export function assemble(options: SlackSandboxOptions): Assembly {
  const { manifest, patienceMs = PATIENCE_MS } = options;
  const addresses: Addresses = { origin: '', requestUrl: options.requestUrl };
  const tokens: Tokens = { bot: `xoxb-sandbox-${secret(8)}`, app: `xapp-1-sandbox-${secret(8)}`, botRevoked: false, appRefused: undefined };
  const signingSecret = secret();
  const clock = createClock(options.clock ?? 'running', options.startsAt);
  const app = installedApp(manifest, { app: idOf('A', 'app'), bot: idOf('B', 'app'), botUser: idOf('U', 'app') }, options.optionalScopes);

  const courier = createCourier(
    () => backend,
    () => delivery.transport,
  );
  const backend: Backend = createBackend({ app, clock, changes: createChanges(patienceMs), origin: () => addresses.origin, emit: courier.emit }, options);
  const delivery = createDelivery(options, backend, addresses, signingSecret);
  const { sockets, http } = delivery;

  const rates = { ...USUAL_RATES };
  const faults = createFaults(clock);
  const log = createRequestLog(clock, backend.changes);
  const sessionOf = createSessions(backend, courier);
  const errors: unknown[] = [];
  const server = createSlackServer({
    ...{ backend, tokens, faults, log, sockets, sessionOf },
    limits: createRateLimits(clock, rates),
    socketUrl: sockets?.ticketUrl,
    isConnected: () => (sockets === undefined ? addresses.requestUrl !== undefined : sockets.count() > 0),
    assets: options.pageAssets,
    onError: options.onError ?? ((error) => void errors.push(error)),
  });
  return { backend, tokens, signingSecret, courier, sockets, http, faults, rates, log, sessionOf, server, addresses, errors };
}

interface DeliveryMode {
  readonly transport: Transport;
  readonly sockets: SocketMode | undefined;
  readonly http: HttpMode | undefined;
}

function createDelivery({ manifest, mode }: SlackSandboxOptions, backend: Backend, addresses: Addresses, signingSecret: string): DeliveryMode {
  if ((mode ?? (manifest.settings.socket_mode_enabled === true ? 'socket' : 'http')) === 'socket') {
    const sockets = createSocketMode(backend);
    return { transport: sockets, sockets, http: undefined };
  }
  const http = createHttpMode(backend, () => addresses.requestUrl, signingSecret);
  return { transport: http, sockets: undefined, http };
}
