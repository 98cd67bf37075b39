import type { RequestEntry } from '#src/model/decision-log.ts';
import type { QueuedJob } from '#src/model/job.ts';
import { OBSERVED_WITHIN_MS, type ApprovalRequest } from '#src/model/request.ts';
import type { Filing } from '#src/model/request-store.ts';
import { dueAfter, filingOf, SETTLED_WITHIN_MS } from './filing.ts';
import { turnOf } from './journal.ts';
import { step, type RequestEvent } from './machine.ts';
import type { ApprovalsDeps } from './ports.ts';
import { isUnderWay } from './standing.ts';

/** Its end is looked for a moment after its time, so that clocks that differ a little do not make it too early. */
const AFTER_END_MS = 250;

/** What follows a change: everything; no job, because one has it in hand; nothing yet, because the next step comes at once. */
export type Following = 'all' | 'in-hand' | 'nothing';

export type Applied = { readonly request: ApprovalRequest } | { readonly refused: string; readonly request: ApprovalRequest };

/** Changes requests: stored first, then shown, then logged, then queued. What fails after storing is made up for by `tend`. */
export interface Ledger {
  readonly filing: (request: ApprovalRequest) => Filing;
  /** Applies an event to the request as it stands, whoever else changes it meanwhile; undefined when there is none of that id. */
  readonly apply: (id: string, event: RequestEvent, follow?: Following) => Promise<Applied | undefined>;
  /** Tells everybody how a request stands now, and queues what follows from it. */
  readonly follow: (request: ApprovalRequest, follow?: Following) => Promise<void>;
  /** Shows and logs what has not been shown and logged. */
  readonly settle: (request: ApprovalRequest) => Promise<void>;
  /** Queues what carries it out or takes it back now; does nothing while that is queued. */
  readonly queue: (request: ApprovalRequest) => Promise<void>;
  readonly isQueued: (request: ApprovalRequest) => Promise<boolean>;
}

export function createLedger(deps: ApprovalsDeps): Ledger {
  const { store, settings, world, queue, job, log } = deps;
  const { clock } = world;
  const escalates = ({ kind }: ApprovalRequest): boolean => (settings.kinds[kind]?.escalateTo ?? []).length > 0;
  const jobFor = (request: ApprovalRequest): QueuedJob<{ readonly request: string }> => ({ job, payload: { request: request.id }, id: jobId(request), forget: true });

  const attempt = async (request: ApprovalRequest, what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      log.warn({ request: request.id, what, error }, 'a request was stored, but something that follows from it failed and is made up for later');
      return false;
    }
  };
  const settle = async (request: ApprovalRequest): Promise<void> => {
    const isPublished = request.published >= request.version || (await attempt(request, 'publish', () => deps.publish(request)));
    const isLogged = await attempt(request, 'log', () => logJournal(request, deps));
    const now = clock.now();
    const dueAt = isPublished && isLogged ? dueAfter(request, now, escalates(request)) : now.getTime() + SETTLED_WITHIN_MS;
    const done = { published: isPublished ? request.version : request.published, logged: isLogged ? request.journal.length : request.logged };
    await attempt(request, 'settle', () => store.settle({ ...request, ...done }, dueAt));
  };
  const ledger: Ledger = {
    filing: (request) => filingOf(request, clock.now(), escalates(request)),
    settle,
    async apply(id, event, follow) {
      for (;;) {
        const request = await store.get(id);
        if (request === undefined) return undefined;
        const outcome = step(request, event, clock.now());
        if ('refused' in outcome) return { ...outcome, request };
        if (!(await store.write(outcome.request, ledger.filing(outcome.request)))) continue;
        await ledger.follow(outcome.request, follow);
        return outcome;
      }
    },
    async follow(request, follow = 'all') {
      if (follow === 'nothing') return;
      await settle(request);
      const { state, endsAt, observed } = request;
      if (follow === 'all') await attempt(request, 'queue', () => ledger.queue(request));
      if (state !== 'applied' && state !== 'failed') return;
      const lookAt = async (what: string, timeMs: number): Promise<void> => {
        const delayMs = timeMs - clock.now().getTime() + AFTER_END_MS;
        await attempt(request, 'queue', () => queue.add({ ...jobFor(request), id: `${jobId(request)}-${what}`, delayMs }));
      };
      if (observed?.state === 'waiting') await lookAt('seen', Date.parse(observed.at) + OBSERVED_WITHIN_MS);
      if (endsAt !== undefined) await lookAt('end', Date.parse(endsAt));
    },
    async queue(request) {
      if (isUnderWay(request)) await queue.add(jobFor(request));
    },
    isQueued: (request) => queue.isPending(jobId(request)),
  };
  return ledger;
}

/** One job for each turn. */
function jobId(request: ApprovalRequest): string {
  return `carry-out-${request.id}-${turnOf(request)}`;
}

/** The log holds each entry once, also when this is done twice. */
async function logJournal(request: ApprovalRequest, { decisions }: ApprovalsDeps): Promise<void> {
  for (let index = request.logged; index < request.journal.length; index += 1) {
    const entry = entryOf(request, index);
    if (entry !== undefined) await decisions.append(entry);
  }
}

function entryOf({ id, kind, card, clusters, journal }: ApprovalRequest, index: number): RequestEntry | undefined {
  const entry = journal[index];
  if (entry === undefined) return undefined;
  const { at, by, what, reason, planHash } = entry;
  const said = reason === undefined ? {} : { reason };
  return { id: `${id}/${index}`, at, kind: what, who: by.person ?? by.name, what: card.ask, request: id, requestKind: kind, clusters, ...said, planHash };
}
