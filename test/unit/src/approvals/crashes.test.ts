import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { ApprovalRuns, Approvals, DecideOutcome } from '#src/model/approvals.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { startRedis } from '#src/sandbox/redis/redis.ts';
import { anOutside, aProcess, asked, caller, Died, dyingAt, later, logged, quiet, stored, twoChanges, type Dying, type Outside } from '#test/build/approvals-world.ts';
import { onRealRedis, withRealRedis } from '#test/build/redis.ts';
import { ALL_OF_BOB } from '#test/build/rulings.ts';

const HOUR_MS = 3600_000;
const MINUTE_MS = 60_000;
const BEGINNING = Date.parse('2026-11-23T08:00:00.000Z');
/** Of one story, in calls to the outside; more than any of them has. */
const MOST_CALLS = 400;
const SLOW_MS = 120_000;

type Bot = Approvals & ApprovalRuns;

/** One thing that a person or a worker does. Whoever gets no answer does it again. */
type Step = (bot: Bot, outside: Outside, id: string) => Promise<unknown>;

interface Story {
  readonly steps: readonly Step[];
  readonly wish?: object;
  readonly needed?: number;
  readonly state: string;
  readonly deeds: readonly string[];
  readonly journal: readonly string[];
  /** Requests that there are in the end; one, unless another one follows. */
  readonly requests?: number;
}

const decide = (verdict: 'approve' | 'deny', by: string): Step => async (bot, outside, id) => bot.decide(id, { verdict, planHash: (await stored(outside, id)).planHash }, caller(by));
/** Until so long after the beginning, whoever waits. */
const until = (ms: number): Step => (bot, outside) => later(outside, bot, Math.max(0, BEGINNING + ms - outside.clock.now().getTime()));
/** What a dead process has left is found within so long. */
const settled: Step = async (bot, outside) => {
  for (let minute = 0; minute < 3; minute += 1) await later(outside, bot, MINUTE_MS);
};

const STORIES: Readonly<Record<string, Story>> = {
  'approved by two, carried out, ended by the clock': {
    steps: [decide('approve', 'bo'), decide('approve', 'cy'), settled, until(2 * HOUR_MS)],
    wish: { ...twoChanges(), lastsMs: HOUR_MS },
    needed: 2,
    state: 'reverted',
    deeds: ['made ops-bob', 'made dev-bob', 'took back dev-bob', 'took back ops-bob'],
    journal: ['asked', 'approved', 'approved', 'applying', 'changed', 'changed', 'applied', 'undo-asked', 'taken-back', 'taken-back', 'reverted'],
  },
  'approved, carried out, undone by a person': {
    steps: [decide('approve', 'bo'), settled, (bot, _, id) => bot.undo(id, caller('cy')), settled],
    state: 'reverted',
    deeds: ['made ops-bob', 'took back ops-bob'],
    journal: ['asked', 'approved', 'applying', 'changed', 'applied', 'undo-asked', 'taken-back', 'reverted'],
  },
  'approved, and then not what it was': {
    steps: [decide('approve', 'bo'), async (_, outside) => void (outside.wish = twoChanges()), settled],
    state: 'void',
    deeds: [],
    journal: ['asked', 'approved', 'voided'],
    requests: 2,
  },
  denied: { steps: [decide('deny', 'bo'), settled], state: 'denied', deeds: [], journal: ['asked', 'denied'] },
  'kept, and then no longer': {
    steps: [
      (bot, _, id) => bot.rule(id, { says: { type: 'keep', until: '2026-11-24' }, reason: 'on parental leave' }, caller('bo')),
      async (_, { redis }) => expect(await createRequestStore(redis, HOUR_MS).rulings()).toMatchObject([{ says: { until: '2026-11-24' } }]),
      until(40 * HOUR_MS),
      settled,
    ],
    wish: { about: ALL_OF_BOB },
    state: 'denied',
    deeds: [],
    journal: ['asked', 'kept', 'lapsed'],
  },
  'not their account, and that undone': {
    steps: [
      (bot, _, id) => bot.rule(id, { says: { type: 'not-theirs', users: ['bob'] }, reason: 'it is a build robot' }, caller('bo')),
      settled,
      (bot, _, id) => bot.undo(id, caller('cy')),
      async (_, { redis }) => expect(await createRequestStore(redis, HOUR_MS).rulings()).toEqual([]),
      settled,
    ],
    wish: { about: ALL_OF_BOB },
    state: 'denied',
    deeds: [],
    journal: ['asked', 'not-theirs', 'ruling-undone'],
  },
  canceled: { steps: [(bot, _, id) => bot.cancel(id, caller('ann')), settled], state: 'canceled', deeds: [], journal: ['asked', 'canceled'] },
  'left alone': {
    steps: [until(2 * HOUR_MS), settled, until(6 * HOUR_MS), settled, until(8 * HOUR_MS)],
    state: 'expired',
    deeds: [],
    journal: ['asked', 'reminded', 'escalated', 'reminded', 'expired'],
  },
};

describe('src/approvals, when its process dies', () => {
  onRealRedis(({ redis }) => {
    let outside: Outside;
    const begin = async (story: Story) => {
      await redis().flushall();
      outside = anOutside(redis());
      outside.wish = story.wish ?? {};
      outside.settings = { channel: 'C0SECAPPR1', kinds: { 'remove-person': { approvals: story.needed ?? 1, escalateTo: ['S0LEADS001'] } }, delegates: [] };
    };

    /** Tells the story; a process that dies is followed by one that lives, and by people who try again what was not answered. */
    const tell = async (story: Story, { watch, isDead }: Pick<Dying, 'watch' | 'isDead'>): Promise<string> => {
      let bot = aProcess(outside, watch);
      const survive = async <T>(step: (alive: Bot) => Promise<T>): Promise<T> => {
        const wasDead = isDead();
        const outcome = await step(bot).catch((error: unknown) => {
          if (!(error instanceof Died)) throw error;
          return undefined;
        });
        if (outcome !== undefined && (wasDead || !isDead())) return outcome;
        bot = aProcess(outside);
        return step(bot);
      };
      const { id } = await survive((alive) => asked(alive));
      for (const step of story.steps) {
        const answer = (await survive(async (alive) => (await step(alive, outside, id)) ?? 'done')) as DecideOutcome | 'done';
        // Whoever was not answered may be told that it has happened: never nothing, and never that it has not.
        if (answer !== 'done' && answer.outcome === 'refused') expect(answer.reason).toMatch(/^Already (approved|denied|kept until .*|closed as not their account|undone) by|^You have already approved|canceled this request|^This cannot be done now: the request is (reverting|reverted)/);
      }
      return id;
    };

    const check = async (story: Story, id: string): Promise<void> => {
      // Another process looks after what was left; within a minute everything is as it should be.
      await settled(aProcess(outside), outside, id);
      const request = await stored(outside, id);
      expect(request.state).toBe(story.state);
      expect(outside.deeds).toEqual(story.deeds.map((deed) => deed.replace(/ (\S+)$/, ` ${id}/$1`)));
      expect((await logged(outside)).filter((entry) => entry.request === id).map(({ kind }) => kind)).toEqual(story.journal);
      expect(outside.shown.get(id)).toMatchObject({ version: request.version, state: story.state });
      expect(request).toMatchObject({ published: request.version, logged: request.journal.length });
      expect(outside.shown.size).toBe(story.requests ?? 1);
      for (const shown of outside.shown.values()) expect(await stored(outside, shown.id)).toMatchObject({ version: shown.version, published: shown.version, logged: shown.journal.length });
      expect(outside.shown.get(request.successor ?? id)?.follows?.id).toBe(request.successor && id);
      expect([...outside.jobs.keys()]).toEqual([]);
    };

    test.each(Object.entries(STORIES))('the story "%s" ends well without any death', async (_name, story) => {
      await begin(story);
      const id = await tell(story, { watch: (_, run) => run(), isDead: () => false });

      await check(story, id);
    });

    test.each(Object.entries(STORIES).flatMap(([name, story]) => (['before', 'after'] as const).map((when): [string, string, Story] => [name, when, story])))(
      'the story "%s" ends the same wherever it dies, %s a call',
      async (_name, when, story) => {
        let nth = 1;
        for (; nth < MOST_CALLS; nth += 1) {
          await begin(story);
          const dying = dyingAt(nth, when as 'before' | 'after');
          const id = await tell(story, dying);
          if (dying.calls.length < nth) break;
          try {
            await check(story, id);
          } catch (error) {
            throw new Error(`after dying ${when} call ${nth}, ${dying.calls[nth - 1] ?? ''}`, { cause: error });
          }
        }

        expect(nth).toBeGreaterThan(8);
        expect(nth).toBeLessThan(MOST_CALLS);
      },
      SLOW_MS,
    );
  });

  withRealRedis((kind) => {
    test(
      'a Redis that writes at once and is killed between any two steps loses none of them, and nothing is done twice',
      async () => {
        const server = await startRedis({ kind });
        const redis = new Redis(server.url, { maxRetriesPerRequest: null });
        redis.on('error', () => undefined);
        try {
          const outside = anOutside(redis);
          outside.wish = { ...twoChanges(), lastsMs: HOUR_MS };
          // With the usual once a second, the last moments before a kill may be lost, and there would be nothing to tell apart.
          const safely = () => redis.config('SET', 'appendfsync', 'always');
          await safely();
          const crash = async (): Promise<void> => {
            await server.kill();
            await server.restart();
            await safely();
          };
          const { id } = await asked(aProcess(outside));
          await crash();
          await decide('approve', 'bo')(aProcess(outside), outside, id);
          await crash();
          await quiet(outside, aProcess(outside));
          await crash();
          expect((await stored(outside, id)).state).toBe('applied');
          await later(outside, aProcess(outside), HOUR_MS);
          await crash();

          expect((await stored(outside, id)).state).toBe('reverted');
          expect(outside.deeds).toHaveLength(4);
          expect((await logged(outside)).map(({ kind: what }) => what)).toEqual(STORIES['approved by two, carried out, ended by the clock']?.journal.toSpliced(1, 1));
        } finally {
          redis.disconnect();
          await server.stop();
        }
      },
      SLOW_MS,
    );
  });
});
