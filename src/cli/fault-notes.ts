import { errorPlaces, errorText } from '#src/model/error-text.ts';
import type { Notes } from './notes.ts';

/** Keeps what went wrong inside checks; each check is told about once. */
export interface FaultNotes {
  readonly report: (unit: string, error: unknown) => void;
  readonly any: () => boolean;
}

export function createFaultNotes(notes: Notes): FaultNotes {
  const units = new Set<string>();
  return {
    report(unit, error) {
      if (!units.has(unit)) notes.note(`the check ${unit} failed on an object, which is a fault of k8ssec: ${describeFault(error)}`);
      units.add(unit);
    },
    any: () => units.size > 0,
  };
}

/** For a report of the fault: what was thrown and where. */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `it threw a ${typeof error}`;
  const [place = 'unknown place'] = errorPlaces(error);
  const text = errorText(error);
  return `${error.name}${text && `: ${text}`} ${place}`;
}
