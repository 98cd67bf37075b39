import { createChainCheck, type StoredDecisionLog, type StoredEntry } from '#src/store/decision-log.ts';

/** The whole log, oldest first. */
export async function entriesOf(log: StoredDecisionLog): Promise<readonly StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for await (const page of log.pages()) entries.push(...page);
  return entries;
}

/** The place, from 0, of the first entry that does not fit; undefined when the chain is whole. */
export function firstBroken(entries: readonly StoredEntry[]): number | undefined {
  return createChainCheck().broken(entries);
}
