import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createOpenHomes, type OpenHomes } from '#src/app/open-homes.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

const LOOK_MS = 500;
const MINUTE_MS = 60_000;

describe('src/app/open-homes.ts', () => {
  let homes: OpenHomes;
  let log: KeptLog;
  let revision: string;
  let published: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    revision = '1';
    published = [];
    log = createKeptLog();
    homes = createOpenHomes(() => Promise.resolve(revision), log);
  });

  afterEach(() => {
    homes.stop();
    jest.useRealTimers();
  });

  const show = (person: string) => homes.show(person, () => Promise.resolve(void published.push(person)));
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  test('shows a tab when it is opened, and not again while nothing changes', async () => {
    await show('ann');
    await pass(MINUTE_MS);

    expect(published).toEqual(['ann']);
  });

  test('shows every open tab again when something changes', async () => {
    await show('ann');
    await show('bo');
    revision = '2';
    await pass(LOOK_MS);

    expect(published).toEqual(['ann', 'bo', 'ann', 'bo']);
  });

  test('counts as news what changes while a tab is made', async () => {
    await homes.show('ann', () => {
      published.push('ann');
      revision = '2';
      return Promise.resolve();
    });
    await pass(LOOK_MS);

    expect(published).toEqual(['ann', 'ann']);
  });

  test('shows a tab at most every six seconds, and the last change always', async () => {
    await show('ann');
    for (revision = '2'; revision.length < 20; revision += '2') await pass(LOOK_MS);
    await pass(6 * LOOK_MS * 2);

    expect(published.length).toBeLessThanOrEqual(4);
    const before = published.length;
    await pass(MINUTE_MS);
    expect(published).toHaveLength(before);
  });

  test('leaves tabs alone that nobody has opened for five minutes', async () => {
    await show('ann');
    await pass(5 * MINUTE_MS + LOOK_MS);
    revision = '2';
    await pass(MINUTE_MS);

    expect(published).toEqual(['ann']);
  });

  test('keeps those that were opened last, when they are many', async () => {
    for (let index = 0; index < 12; index += 1) await show(`person${index}`);
    published = [];
    revision = '2';
    await pass(LOOK_MS);

    expect(published).toEqual(Array.from({ length: 10 }, (_, index) => `person${index + 2}`));
  });

  test('goes on after a failure, which is told', async () => {
    let fails = true;
    await homes.show('ann', () => (fails ? Promise.resolve() : Promise.reject(new Error('Slack is away'))));
    fails = false;
    revision = '2';
    await show('bo');
    revision = '3';
    await pass(LOOK_MS);

    expect(log.texts('warn')).toEqual(['the Home tab of a person could not be brought up to date']);
    expect(published).toEqual(['bo', 'bo']);
  });
});
