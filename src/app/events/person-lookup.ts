import type { Clock } from '#src/model/clock.ts';
import type { KnownPerson, PeopleView } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { createMatcher, type Matcher } from '#src/people/match.ts';
import { isSure } from '#src/people/person-access.ts';

/** Whose user name it is, where nothing had to be guessed. */
export type PersonLookup = (user: string) => Promise<KnownPerson | undefined>;

export interface PersonLookupNeeds {
  readonly people: PeopleView;
  readonly access: AccessSettings;
  readonly clock: Clock;
}

/** Who is who is looked up anew after this long. */
const KNOWN_MS = 60_000;

export function createPersonLookup({ people, access, clock }: PersonLookupNeeds): PersonLookup {
  let known: { readonly matcher: Matcher; readonly untilMs: number } | undefined;
  return async (user) => {
    const now = clock.now().getTime();
    if (known === undefined || now >= known.untilMs) known = { matcher: createMatcher(await people.all(), access), untilMs: now + KNOWN_MS };
    const match = known.matcher(user);
    return isSure(match) ? match.person : undefined;
  };
}
