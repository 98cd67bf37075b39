import { randomBytes } from 'node:crypto';
import { NOT_ASKED } from '#src/model/access.ts';
import type { Clock } from '#src/model/clock.ts';
import type { DecisionLog, NeedEntry } from '#src/model/decision-log.ts';
import type { Log } from '#src/model/log.ts';
import type { NeedOutcome, NeedQuestion, Needs, NeedStore } from '#src/model/needs.ts';
import { mayAnswer } from './asked-people.ts';
import { isFilingDue, isPast, isToBeFiled, newQuestion, remindersDue, step, stillStands, type NeedEvent } from './need-steps.ts';

export interface NeedDeps {
  readonly store: NeedStore;
  /** Brings every copy of a question's message to what is stored; safe to repeat, and late calls change nothing. */
  readonly publish: (question: NeedQuestion) => Promise<void>;
  /** Has approvers asked to take the access away; does nothing while that is under way. */
  readonly file: (question: NeedQuestion) => Promise<void>;
  readonly decisions: DecisionLog;
  readonly clock: Clock;
  readonly log: Log;
  /** Days that people have to answer. */
  readonly askDays: number;
}

type Place = Pick<NeedQuestion, 'person' | 'cluster'>;

/** Questions to inactive people: stored first, then shown, then logged, then carried on. What fails after storing is made up for by `tend`. */
export function createNeeds(deps: NeedDeps): Needs {
  const { store, clock, log } = deps;
  const get = async (id: string): Promise<NeedQuestion | undefined> => (await store.all()).find((question) => question.id === id);

  /** Only while it is still this question: another one may have taken its place. */
  const apply = async ({ person, cluster }: Place, event: NeedEvent, id?: string): Promise<NeedOutcome> => {
    for (;;) {
      const question = await store.of(person, cluster);
      if (question === undefined || (id !== undefined && question.id !== id)) return { refused: 'This question is not asked any more.' };
      const outcome = step(question, event, clock.now());
      if ('refused' in outcome) return outcome;
      if (!(await store.put(outcome.question, question))) continue;
      await follow(outcome.question, deps);
      return { taken: outcome.question };
    }
  };
  return {
    all: store.all,
    get,
    async ask(need) {
      const known = await store.of(need.person, need.cluster);
      const now = clock.now();
      if (known !== undefined && stillStands(known, now)) return false;
      const question = newQuestion(need, `n${randomBytes(4).toString('hex')}`, deps.askDays, now);
      if (!(await store.put(question, known))) return false;
      await follow(question, deps);
      return true;
    },
    async answer(id, given, by) {
      const question = await get(id);
      if (question === undefined) return { refused: 'This question is not asked any more.' };
      if (!mayAnswer(question, by)) {
        await deps.decisions.append({ at: clock.now().toISOString(), kind: 'refused', who: by.userId, what: `${given.verdict} ${id}`, cluster: question.cluster, reason: NOT_ASKED });
        return { refused: NOT_ASKED };
      }
      return apply(question, { type: 'answer', given, by: { person: by.userId, name: by.name } }, id);
    },
    async close(place, why) {
      await apply(place, { type: 'close', why });
    },
    async filed(place, request) {
      await apply(place, { type: 'filed', request });
    },
    async hindered(question, why) {
      await apply(question, { type: 'hindered', why }, question.id);
    },
    async tend(signal) {
      for (const question of await store.all()) {
        signal.throwIfAborted();
        try {
          await tendOne(question);
        } catch (error) {
          log.warn({ question: question.id, error }, 'a question could not be looked after; it is looked at again');
        }
      }
    },
  };

  async function tendOne(question: NeedQuestion): Promise<void> {
    const now = clock.now();
    if (question.state === 'open' && Date.parse(question.answerBy) <= now.getTime()) await apply(question, { type: 'expire' }, question.id);
    else if (question.state === 'open' && remindersDue(question, now) > question.reminders) await apply(question, { type: 'remind' }, question.id);
    else if (isBehind(question) || isToBeFiled(question)) await follow(question, deps);
    else if (isPast(question, now)) await store.forget(question);
  }
}

function isBehind({ published, version, logged, journal }: NeedQuestion): boolean {
  return published < version || logged < journal.length;
}

/** Shows it and logs what happened to it, each once; then has approvers asked where that is what follows. */
async function follow(question: NeedQuestion, { store, publish, decisions, file, clock, log }: NeedDeps): Promise<void> {
  try {
    if (isBehind(question)) {
      await publish(question);
      for (const entry of entriesOf(question)) await decisions.append(entry);
      // Another process that was quicker has shown and logged it as well.
      await store.put({ ...question, published: question.version, logged: question.journal.length }, question);
    }
    if (isFilingDue(question, clock.now())) await file(question);
  } catch (error) {
    log.warn({ question: question.id, error }, 'a question was stored, but something that follows from it failed and is made up for later');
  }
}

function entriesOf({ id, person, called, cluster, request, journal, logged }: NeedQuestion): readonly NeedEntry[] {
  return journal.slice(logged).map(({ at, by, what, reason }, index) => ({
    id: `need/${id}/${logged + index}`,
    at,
    kind: `need-${what}` as const,
    who: by.person ?? by.name,
    what: `Does ${called} still need access to ${cluster}?`,
    question: id,
    person,
    cluster,
    ...(request !== undefined && { request }),
    ...(reason !== undefined && { reason }),
  }));
}
