import type { Json } from '#src/blocks/rules.ts';
import type { SandboxClock } from './clock.ts';
import type { Changes } from './changes.ts';

const KEPT = 20_000;

/** One request that reached the stand-in from the app. */
export interface LoggedRequest {
  readonly number: number;
  /** On the stand-in's clock. */
  readonly at: Date;
  /** Name of the Web API method, or what else was asked for. */
  readonly method: string;
  /** Arguments, with JSON in forms already parsed. Tokens are not among them. */
  readonly args: Json;
  /** Set once it was answered. */
  status?: number;
  answer?: Json;
}

export interface RequestLog {
  readonly begin: (method: string, args: Json) => LoggedRequest;
  readonly end: (request: LoggedRequest, status: number, answer: Json) => void;
  /** Oldest first; of one method, if it is given. The oldest of more than 20,000 are forgotten. */
  readonly all: (method?: string) => readonly LoggedRequest[];
}

export function createRequestLog(clock: SandboxClock, changes: Changes): RequestLog {
  const requests: LoggedRequest[] = [];
  let count = 0;
  return {
    begin(method, args) {
      const request = { number: ++count, at: clock.now(), method, args };
      requests.push(request);
      if (requests.length > KEPT) requests.shift();
      return request;
    },
    end(request, status, answer) {
      request.status = status;
      request.answer = answer;
      changes.tell({ about: 'request' });
    },
    all: (method) => (method === undefined ? [...requests] : requests.filter((request) => request.method === method)),
  };
}
