import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { ConnectionCertificates } from '#src/model/connection-certificates.ts';
import { connectionCertificates, ownCertificate, pemText } from './connection-certificates.ts';

export interface ApiRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Of the body, where it is a special form of JSON. */
  readonly contentType?: string;
  readonly userAgent?: string;
  /** A longer answer counts as none. */
  readonly maxBytes?: number;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends requests to one API server, with the credentials of its kubeconfig. */
export interface ApiClient {
  /**
   * Any answer of the server is returned, whatever its status.
   *
   * @throws {ClusterUnreachable} when there is no connection, {@link SilentServer} when there is no answer, and the signal's reason.
   */
  readonly send: (request: ApiRequest, signal: AbortSignal) => Promise<ApiResponse>;
  /** Those of the first connection that an answer came over; undefined before it. */
  readonly certificates: () => ConnectionCertificates | undefined;
  readonly close: () => void;
}

/** The API server took the request and then said nothing, or stopped in the middle of its answer. */
export class SilentServer extends Error {}

/** Without a byte for this long an answer counts as not coming. */
const SILENCE_MS = 30_000;

/** What `applyToHTTPSOptions` fills, as far as it matters here. */
interface KubeOptions extends https.RequestOptions {
  headers: Record<string, string>;
  agent?: http.Agent;
}

export function createApiClient(config: KubeConfig, silenceMs = SILENCE_MS): ApiClient {
  const server = new URL(config.getCurrentCluster()?.server ?? 'https://localhost');
  const base = server.pathname.replace(/\/$/, '');
  let agent: http.Agent | undefined;
  let certificates: ConnectionCertificates | undefined;
  return {
    async send({ path, query, accept = 'application/json', method = 'GET', body, contentType = 'application/json', userAgent = 'k8ssec', maxBytes = Infinity }, signal) {
      const options: KubeOptions = { headers: {} };
      try {
        await config.applyToHTTPSOptions(options);
      } catch (error) {
        throw new ClusterUnreachable('its credentials cannot be used', { cause: error });
      }
      agent ??= reusing(options.agent);
      const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const headers = { ...options.headers, accept, 'user-agent': userAgent, ...(content && { 'content-type': contentType, 'content-length': String(content.length) }) };
      const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
      const { hostname, port, protocol } = server;
      // Later connections go on with the session of the first, without certificates.
      const onAnswer = (socket: Socket) => void (certificates ??= connectionCertificates(socket, { ca: pemText(options.ca), own: ownCertificate(config, options) }));
      return exchange(protocol === 'http:' ? http : https, { ...options, ...(agent && { agent }), hostname: hostname.replace(/^\[|\]$/g, ''), port, path: `${base}${path}${search}`, method, headers, signal, timeout: silenceMs }, { content, maxBytes, onAnswer });
    },
    certificates: () => certificates,
    close: () => agent?.destroy(),
  };
}

/** The agent made for one request, kept and with connections that are used again. */
function reusing(agent: http.Agent | undefined): http.Agent | undefined {
  // A proxy's agent is a subclass and is left as it is.
  if (!(agent instanceof https.Agent) || agent.constructor !== https.Agent) return agent;
  return new https.Agent({ ...agent.options, keepAlive: true, maxSockets: 4 });
}

interface Exchange {
  readonly content: Buffer | undefined;
  readonly maxBytes: number;
  readonly onAnswer: (socket: Socket) => void;
}

function exchange(transport: typeof http | typeof https, options: https.RequestOptions, { content, maxBytes, onAnswer }: Exchange): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    let connected = false;
    const request = transport.request(options, (response) => {
      onAnswer(response.socket);
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxBytes) return;
        reject(new SilentServer('its answer is too long'));
        response.destroy();
      });
      response.on('end', () => {
        if (response.complete) resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        else reject(new SilentServer('its answer ended early'));
      });
      response.on('error', (error) => reject(new SilentServer('its answer ended early', { cause: error })));
    });
    request.on('socket', (socket) => {
      const ready = () => {
        connected = true;
      };
      if (socket.connecting) socket.once(options.protocol === 'http:' ? 'connect' : 'secureConnect', ready);
      else ready();
    });
    request.on('timeout', () => request.destroy(new SilentServer(`no answer in ${Math.round((options.timeout ?? 0) / 1000)} s`)));
    request.on('error', (error) => {
      if (options.signal?.aborted || error instanceof SilentServer) reject(error);
      else if (connected) reject(new SilentServer('the connection broke', { cause: error }));
      else reject(new ClusterUnreachable(reasonOf(error), { cause: error }));
    });
    request.end(content);
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the API server refuses connections',
  ENOTFOUND: 'the name of the API server is not known',
  EAI_AGAIN: 'the name of the API server cannot be looked up',
  ETIMEDOUT: 'the API server cannot be reached',
  EHOSTUNREACH: 'the API server cannot be reached',
  ENETUNREACH: 'the API server cannot be reached',
  CERT_HAS_EXPIRED: 'the certificate of the API server has expired',
  CERT_NOT_YET_VALID: 'the certificate of the API server is not valid yet; look at the clocks',
  CERT_SIGNATURE_FAILURE: 'the certificate of the API server is not signed by the CA of the kubeconfig',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate of the API server is not signed by the CA of the kubeconfig',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate of the API server is not signed by the CA of the kubeconfig',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate of the API server is not signed by the CA of the kubeconfig',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate of the API server is not signed by the CA of the kubeconfig',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the API server is for another name',
};

/** For people: names no address. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return REASONS[error.code ?? ''] ?? 'the API server cannot be reached';
}
