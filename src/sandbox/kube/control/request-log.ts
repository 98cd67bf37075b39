import type { Clock } from '#src/model/clock.ts';
import type { RequestInfo } from '../http/request-info.ts';

const KEPT = 50_000;

/** One request that reached the API server stand-in. */
export interface LoggedRequest {
  readonly number: number;
  readonly at: Date;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Empty until the sender is known, and for one who is not. */
  user: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly userAgent: string;
  /** Set once it was answered; 0 when the connection broke instead. */
  status?: number;
}

export interface RequestLog {
  readonly begin: (info: RequestInfo, query: string, userAgent: string) => LoggedRequest;
  readonly end: (request: LoggedRequest, status: number) => void;
  /** Oldest first, those that `matches` picks. The oldest of more than 50,000 are forgotten. */
  readonly all: (matches?: (request: LoggedRequest) => boolean) => readonly LoggedRequest[];
  /** How many are being answered now, and the most that were at once. Watches count as long as they last. */
  readonly inFlight: () => { readonly now: number; readonly most: number };
  /** Forgets all requests and the most at once. */
  readonly clear: () => void;
}

export function createRequestLog(clock: Clock): RequestLog {
  const requests: LoggedRequest[] = [];
  let count = 0;
  let now = 0;
  let most = 0;
  return {
    begin({ method, path, verb, group, resource, subresource, namespace, name }, query, userAgent) {
      count += 1;
      now += 1;
      most = Math.max(most, now);
      const request: LoggedRequest = { number: count, at: clock.now(), method, path, query, user: '', verb, group, resource, subresource, namespace, name, userAgent };
      requests.push(request);
      if (requests.length > KEPT) requests.shift();
      return request;
    },
    end(request, status) {
      if (request.status !== undefined) return;
      request.status = status;
      now -= 1;
    },
    all: (matches) => (matches === undefined ? [...requests] : requests.filter(matches)),
    inFlight: () => ({ now, most }),
    clear() {
      requests.splice(0);
      most = now;
    },
  };
}
