import { assemble, type SlackSandboxOptions } from './assembly.ts';
import { createPerson, type Person } from './client/person.ts';
import { createControl, type SandboxControl } from './control/control.ts';
import type { LoggedRequest } from './control/request-log.ts';
import type { Delivery } from './delivery/delivery.ts';
import { listen, stopServer } from './server/server.ts';
import { personNamed } from './state/people.ts';

/** A running Slack for one workspace with one app. */
export interface SlackSandbox {
  /** For `slackApiUrl`, with its slash at the end. */
  readonly apiUrl: string;
  readonly pageUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly control: SandboxControl;
  /** A person's Slack window, by handle or id. */
  readonly as: (person: string) => Person;
  /** What the app asked, oldest first; of one method, if it is given. */
  readonly requests: (method?: string) => readonly LoggedRequest[];
  /** Waits for a request that has been answered. */
  readonly request: (method: string, matches?: (request: LoggedRequest) => boolean) => Promise<LoggedRequest>;
  /** What the app was told and what became of it, oldest first. */
  readonly deliveries: () => readonly Delivery[];
  /** Waits for a delivery that has been settled. */
  readonly delivery: (matches: (delivery: Delivery) => boolean) => Promise<Delivery>;
  /** Waits until nothing waits for an acknowledgement. To be asked before the clock is moved, which would let it time out. */
  readonly quiet: () => Promise<void>;
  /** Waits until the app has so many sockets, 1 if no number is given. */
  readonly connected: (sockets?: number) => Promise<void>;
  /** Ends everything that is open or under way. @throws {AggregateError} of faults of the stand-in itself. */
  readonly stop: () => Promise<void>;
}

/** Starts it on loopback. @throws when the port is taken. */
export async function startSlackSandbox(options: SlackSandboxOptions): Promise<SlackSandbox> {
  const parts = assemble(options);
  const { backend, tokens, log, courier, sockets, http, faults, server, addresses, errors } = parts;
  const { changes, clock } = backend;
  addresses.origin = await listen(server, options.port ?? 0);
  return {
    apiUrl: `${addresses.origin}/api/`,
    pageUrl: `${addresses.origin}/`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret: parts.signingSecret,
    control: createControl({ ...parts, useRequestUrl: (url) => void (addresses.requestUrl = url) }),
    as: (person) => createPerson(parts.sessionOf(personNamed(backend, person))),
    requests: log.all,
    request: (method, matches = () => true) => changes.until(`a call of ${method}`, () => log.all(method).find((request) => request.status !== undefined && matches(request))),
    deliveries: courier.history,
    delivery: (matches) => changes.until('a delivery', () => courier.history().find(matches)),
    async quiet() {
      await changes.until('deliveries to be acknowledged', () => (courier.underWay() === 0 ? true : undefined));
    },
    async connected(count = 1) {
      await changes.until(`${count} sockets`, () => ((sockets?.count() ?? 0) >= count ? true : undefined));
    },
    async stop() {
      courier.stop();
      faults.release();
      http?.stop();
      await sockets?.stop();
      await stopServer(server);
      changes.stop();
      clock.stop();
      if (errors.length > 0) throw new AggregateError(errors, 'The Slack stand-in failed in these requests.');
    },
  };
}
