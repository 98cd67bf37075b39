import { cut } from '#src/blocks/text.ts';
import type { Detected } from '#src/events/detect.ts';
import { createMatcher, type Matcher } from '#src/people/match.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Detection } from '#src/model/detection.ts';
import type { AlarmGroups, EventSettings, ShownAlarm } from '#src/model/event-intake.ts';
import { compareSeverity } from '#src/model/finding.ts';
import type { Outbox } from '#src/model/outbox.ts';
import type { PeopleView } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { template as eventTemplate, type EventMessage } from '#templates/event.ts';
import { template as untoldTemplate } from '#templates/events-untold.ts';

export interface TellerNeeds {
  readonly settings: EventSettings;
  readonly production: boolean;
  readonly channel: string;
  readonly detections: readonly Detection[];
  readonly groups: AlarmGroups;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly people: PeopleView;
  readonly access: AccessSettings;
  readonly clock: Clock;
}

/** Tells of alarms: one message for each group and day. Telling the same again changes nothing. */
export type Teller = (alarms: readonly Detected[]) => Promise<void>;

/** New messages in one minute. What is critical has room left when everything else has none. */
const PER_MINUTE = 10;
const CRITICAL_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Names may be as long as a request. */
const TEXT = 600;
/** Who is who is looked up anew after this long. */
const KNOWN_MS = 60_000;

export function createTeller(needs: TellerNeeds): Teller {
  const { settings, groups, detections, outbox, channel, clock } = needs;
  const personOf = createPersonLookup(needs);
  const add = async (alarm: Detected, now: number) => {
    const atMs = alarm.timeMs ?? now;
    const day = new Date(atMs).toISOString().slice(0, 10);
    const { group, fingerprint, detection, severity } = alarm;
    const limit = severity === 'critical' ? CRITICAL_PER_MINUTE : PER_MINUTE;
    const minute = Math.floor(now / MINUTE_MS);
    return { day, standing: await groups.add({ cluster: settings.cluster, day, group, fingerprint, detection, severity, atMs, alarm: shownAlarm(alarm), minute, limit }) };
  };
  return async (alarms) => {
    const now = clock.now().getTime();
    const changed = new Map<string, Awaited<ReturnType<typeof add>> & { readonly alarm: Detected }>();
    for (const alarm of alarms) {
      if (compareSeverity(alarm.severity, settings.minSeverity) > 0) continue;
      const added = await add(alarm, now);
      changed.set(`${added.day} ${alarm.group}`, { ...added, alarm });
    }
    const untold = new Set<string>();
    for (const { alarm, day, standing } of changed.values()) {
      if (!standing.isTold) untold.add(day);
      else await outbox.put({ id: `event/${settings.cluster}/${day}/${standing.id}`, channel, template: eventTemplate, data: await messageOf(alarm, standing, needs, personOf), revision: standing.count });
    }
    for (const day of untold) {
      const counts = Object.entries(await groups.untold(settings.cluster, day)).toSorted(([, a], [, b]) => b - a);
      const data = { cluster: settings.cluster, detections: counts.map(([id, count]) => ({ title: detections.find((detection) => detection.id === id)?.title ?? id, count })) };
      await outbox.put({ id: `events-untold/${settings.cluster}/${day}`, channel, template: untoldTemplate, data, revision: counts.reduce((sum, [, count]) => sum + count, 0) });
    }
  };
}

type Standing = Awaited<ReturnType<AlarmGroups['add']>>;
type PersonLookup = (user: string) => Promise<string | undefined>;

async function messageOf({ actor, object, detection: id }: Detected, standing: Standing, { settings, production, detections }: TellerNeeds, personOf: PersonLookup): Promise<EventMessage> {
  const detection = detections.find((candidate) => candidate.id === id);
  const { severity, count, alarms, beforeMs } = standing;
  const acting = actor === null ? undefined : (actor.impersonator ?? actor.user);
  const person = acting === undefined ? undefined : await personOf(acting);
  return {
    cluster: settings.cluster,
    production,
    detection: id,
    title: detection?.title ?? id,
    severity,
    ...(actor !== null && { user: cut(actor.user, TEXT) }),
    ...(person !== undefined && { person }),
    ...(actor?.impersonator !== undefined && { impersonator: cut(actor.impersonator, TEXT) }),
    ...(object !== null && { object }),
    count,
    alarms,
    ...(beforeMs !== undefined && { before: new Date(beforeMs).toISOString() }),
    fix: detection?.fix ?? '',
  };
}

function shownAlarm({ timeMs, message, outcome, actor, command }: Detected): ShownAlarm {
  return {
    ...(timeMs !== undefined && { at: new Date(timeMs).toISOString() }),
    message: cut(message, TEXT),
    ...(outcome !== undefined && { outcome }),
    ...(actor?.address !== undefined && { address: cut(actor.address, TEXT) }),
    ...(actor?.userAgent !== undefined && { userAgent: cut(actor.userAgent, TEXT) }),
    ...(command !== undefined && { command: cut(command.join(' '), TEXT) }),
  };
}

/** The Slack account of the person whose user name it is, where nothing had to be guessed. */
function createPersonLookup({ people, access, clock }: TellerNeeds): PersonLookup {
  let known: { readonly matcher: Matcher; readonly untilMs: number } | undefined;
  return async (user) => {
    const now = clock.now().getTime();
    if (known === undefined || now >= known.untilMs) known = { matcher: createMatcher(await people.all(), access), untilMs: now + KNOWN_MS };
    const { certainty, person } = known.matcher(user);
    return certainty === 'exact' || certainty === 'confirmed' ? person?.slackId : undefined;
  };
}
