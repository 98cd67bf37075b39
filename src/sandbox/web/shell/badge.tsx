import type { ReactElement } from 'react';
import type { PagePerson } from '../../slack/page/contract.ts';

const WORDS: Readonly<Record<PagePerson['sort'], string | undefined>> = {
  member: undefined,
  guest: 'Guest',
  outsider: 'Other workspace',
  bot: 'App',
  slack: undefined,
};

/** What is special about a person, as a word. */
export function sortWord({ sort, isDeactivated }: PagePerson): string | undefined {
  return isDeactivated ? 'Deactivated' : WORDS[sort];
}

export function Badge({ person }: { readonly person: PagePerson | undefined }): ReactElement | null {
  const word = person && sortWord(person);
  return word === undefined ? null : <span className="badge">{word}</span>;
}
