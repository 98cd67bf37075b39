import { describe, expect, test } from '@jest/globals';
import { createNotes } from '#src/cli/notes.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createSink } from '#test/fakes/cli-world.ts';

function start({ isTTY = true, quiet = false, columns = 80 } = {}) {
  const clock = createMovedClock();
  const stderr = createSink({ isTTY, columns });
  return { clock, stderr, notes: createNotes({ stderr, clock }, quiet) };
}

describe('src/cli/notes.ts', () => {
  test('shows progress of long work, ten times a second at most, and takes it away', () => {
    const { clock, stderr, notes } = start();

    for (let step = 0; step < 10; step += 1) {
      notes.progress(`${step} of 10 files`);
      clock.advance(150);
    }
    notes.clear();

    expect(stderr.text()).toBe('\r\u001b[K5 of 10 files\r\u001b[K6 of 10 files\r\u001b[K7 of 10 files\r\u001b[K8 of 10 files\r\u001b[K9 of 10 files\r\u001b[K');
  });

  test.each([
    ['short work', {}, 500],
    ['a pipe', { isTTY: false }, 5000],
    ['--quiet', { quiet: true }, 5000],
  ])('shows no progress for %s', (_, options, afterMs) => {
    const { clock, stderr, notes } = start(options);

    clock.advance(afterMs);
    notes.progress('1 of 2 files');
    notes.clear();

    expect(stderr.text()).toBe('');
  });

  test('a note is written over progress and is printable', () => {
    const { clock, stderr, notes } = start({ columns: 10 });

    clock.advance(5000);
    notes.progress('a very long progress');
    notes.note('first \u001b[31m\nsecond');

    expect(stderr.text()).toBe('\r\u001b[Ka very lo\r\u001b[Kk8ssec: first \\x1b[31m\nk8ssec: second\n');
  });
});
