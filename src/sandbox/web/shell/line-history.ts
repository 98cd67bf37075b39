/** What a person has sent, to be brought back. */
export interface LineHistory {
  readonly add: (line: string) => void;
  /** The last one is 1. */
  readonly back: (steps: number) => string | undefined;
}

const KEPT = 50;

export function createLineHistory(): LineHistory {
  let lines: readonly string[] = [];
  return {
    add: (line) => {
      lines = [line, ...lines.filter((other) => other !== line)].slice(0, KEPT);
    },
    back: (steps) => lines[steps - 1],
  };
}
