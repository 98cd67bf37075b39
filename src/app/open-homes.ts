import type { Log } from '#src/model/log.ts';

/** Nobody is taken to look at the tab for longer; whoever opens it again gets it anew. */
const OPEN_MS = 5 * 60_000;
const LOOK_EVERY_MS = 500;
/** Slack takes a hundred Home tabs a minute: so many, so far apart, are no more. */
const MOST = 10;
const AGAIN_AFTER_MS = 6000;

/** Home tabs that people may be looking at. */
export interface OpenHomes {
  /** Shows somebody theirs, and shows it again when something on it has changed. */
  readonly show: (person: string, publish: () => Promise<void>) => Promise<void>;
  readonly stop: () => void;
}

interface OpenHome {
  readonly publish: () => Promise<void>;
  readonly openedAt: number;
  /** Of what it shows. */
  revision: string;
  againAt: number;
}

/** Keeps Home tabs as they would be if they were opened now; `revision` is another text once anything on them may have changed. */
export function createOpenHomes(revision: () => Promise<string>, log: Log): OpenHomes {
  const open = new Map<string, OpenHome>();
  let isLooking = false;
  const look = async (): Promise<void> => {
    const now = performance.now();
    for (const [person, { openedAt }] of open) if (now - openedAt > OPEN_MS) open.delete(person);
    if (open.size === 0) return;
    const current = await revision();
    for (const [person, home] of open) {
      if (home.revision === current || home.againAt > now) continue;
      home.revision = current;
      home.againAt = now + AGAIN_AFTER_MS;
      await home.publish().catch((error: unknown) => log.warn({ user: person, error }, 'the Home tab of a person could not be brought up to date'));
    }
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look()
      .catch((error: unknown) => log.debug({ error }, 'nobody knows whether Home tabs have changed'))
      .finally(() => (isLooking = false));
  }, LOOK_EVERY_MS);
  return {
    async show(person, publish) {
      const before = await revision();
      await publish();
      open.delete(person);
      open.set(person, { publish, openedAt: performance.now(), revision: before, againAt: 0 });
      const [oldest] = open.keys();
      if (open.size > MOST && oldest !== undefined) open.delete(oldest);
    },
    stop: () => clearInterval(timer),
  };
}
