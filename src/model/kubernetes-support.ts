/** Until when each minor version of Kubernetes gets security fixes, from https://kubernetes.io/releases/patch-releases/. Older ones get none. */
const END_OF_LIFE: Readonly<Record<number, string>> = {
  33: '2026-06-28',
  34: '2026-10-27',
  35: '2027-02-28',
  36: '2027-06-28',
  37: '2027-10-28',
};

/** When the table was read last, and the newest version in it. */
export const SUPPORT_TABLE = { asOf: '2026-11-01', newest: Math.max(...Object.keys(END_OF_LIFE).map(Number)), oldest: Math.min(...Object.keys(END_OF_LIFE).map(Number)) } as const;

export type Support = 'supported' | 'ended' | 'unknown';

/** Whether a minor version still gets fixes; `unknown` for one that is newer than the table. */
export function supportOf(minor: number, now: Date): Support {
  if (minor > SUPPORT_TABLE.newest) return 'unknown';
  const end = END_OF_LIFE[minor];
  return end === undefined || now.getTime() >= Date.parse(`${end}T23:59:59Z`) ? 'ended' : 'supported';
}

/** The last day with fixes, where the table knows it. */
export function endOfLife(minor: number): string | undefined {
  return END_OF_LIFE[minor];
}
