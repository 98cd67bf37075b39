import type { Clock } from '#src/model/clock.ts';
import { printable } from '#src/model/printable.ts';
import type { World } from './world.ts';

/** Work that ends sooner shows no progress. */
const QUIET_START_MS = 700;
const STEP_MS = 100;
const CLEAR = '\r\u001b[K';

/** What a command says to the person beside its result, on standard error. */
export interface Notes {
  /** Several lines where the text has several. */
  readonly note: (text: string) => void;
  /** How far the work is; shown on a terminal only, in one line that is written over. */
  readonly progress: (text: string) => void;
  /** Takes the line of progress away; call before the result is printed. */
  readonly clear: () => void;
}

export function createNotes({ stderr, clock }: Pick<World, 'stderr' | 'clock'>, quiet: boolean): Notes {
  const shown = stderr.isTTY === true && !quiet;
  const pace = createPace(clock);
  let drawn = false;
  const write = (text: string) => stderr.write(text, () => undefined);
  const clear = () => {
    if (drawn) write(CLEAR);
    drawn = false;
  };
  return {
    note(text) {
      clear();
      for (const line of text.split('\n')) write(`k8ssec: ${printable(line)}\n`);
    },
    progress(text) {
      if (!shown || !pace()) return;
      write(`${CLEAR}${printable(text).slice(0, (stderr.columns ?? 80) - 1)}`);
      drawn = true;
    },
    clear,
  };
}

/** Says yes at most every `STEP_MS`, and not before the work has become long. */
function createPace(clock: Clock): () => boolean {
  let next = clock.now().getTime() + QUIET_START_MS;
  return () => {
    const now = clock.now().getTime();
    if (now < next) return false;
    next = now + STEP_MS;
    return true;
  };
}
