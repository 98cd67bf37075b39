import { describe, expect, test } from '@jest/globals';
import { createChanges } from '#src/sandbox/slack/control/changes.ts';

describe('src/sandbox/slack/control/changes.ts', () => {
  test('gives at once what is there already', async () => {
    const changes = createChanges(1000);

    expect(await changes.until('it', () => 1)).toBe(1);
  });

  test('reads again after every change, and gives the first value', async () => {
    const changes = createChanges(1000);
    let value: number | undefined;
    const waiting = changes.until('it', () => value);

    changes.tell({ about: 'people' });
    value = 2;
    changes.tell({ about: 'messages' });
    value = 3;
    changes.tell({ about: 'messages' });

    expect(await waiting).toBe(2);
  });

  test('says what was waited for and what there is instead when its patience is over', async () => {
    const changes = createChanges(1);

    await expect(changes.until('a reply', () => undefined, () => 'There is no message.')).rejects.toThrow('1 ms went by while a test waited for a reply.\nThere is no message.');
  });

  test('ends waiting when it stops', async () => {
    const changes = createChanges(1000);
    const waiting = changes.until('a reply', () => undefined);

    changes.stop();

    await expect(waiting).rejects.toThrow('The Slack stand-in was stopped while a test waited for a reply.');
  });
});
