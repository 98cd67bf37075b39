import type { Clock } from '#src/model/clock.ts';
import type { PeopleView } from '#src/model/people-view.ts';

const FRESH_MS = 30_000;

/** Whether a Slack user has left the organisation, for good or by being suspended, as the sources of people tell; half a minute old at most. */
export function createHasLeft(people: PeopleView, clock: Clock): (slackId: string) => Promise<boolean> {
  let known: { readonly at: number; readonly leavers: Promise<ReadonlySet<string>> } | undefined;
  return async (slackId) => {
    const now = clock.now().getTime();
    if (known === undefined || now - known.at >= FRESH_MS) {
      const leavers = leaversAmong(people);
      const asked = { at: now, leavers };
      known = asked;
      leavers.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return (await known.leavers).has(slackId);
  };
}

async function leaversAmong(people: PeopleView): Promise<ReadonlySet<string>> {
  const all = await people.all();
  return new Set(all.flatMap(({ state, slackId }) => ((state === 'departed' || state === 'suspended') && slackId !== undefined ? [slackId] : [])));
}
