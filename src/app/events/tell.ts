import { cut } from '#src/blocks/text.ts';
import type { Detected } from '#src/events/detect.ts';
import type { Clock } from '#src/model/clock.ts';
import type { Detection } from '#src/model/detection.ts';
import type { AlarmGroups, EventSettings, ShownAlarm } from '#src/model/event-intake.ts';
import { compareSeverity } from '#src/model/finding.ts';
import type { Outbox } from '#src/model/outbox.ts';
import type { QuestionStanding } from '#src/model/questions.ts';
import type { ToldEvents } from '#src/store/told-events.ts';
import type { EventMessage } from '#templates/event.ts';
import { template as untoldTemplate } from '#templates/events-untold.ts';
import { actingUser, type Asker } from './ask.ts';
import type { PersonLookup } from './person-lookup.ts';
import { publishEvent, type SaidEvent } from './publish-event.ts';

export interface TellerNeeds {
  readonly settings: EventSettings;
  readonly production: boolean;
  readonly channel: string;
  readonly detections: readonly Pick<Detection, 'id' | 'title' | 'fix'>[];
  readonly groups: AlarmGroups;
  readonly events: Pick<ToldEvents<SaidEvent, QuestionStanding>, 'say'>;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly personOf: PersonLookup;
  readonly asker: Asker;
  readonly clock: Clock;
}

/** Tells of alarms: one message for each group and day, and asks whoever acted where that is wanted. Telling the same again changes nothing. */
export type Teller = (alarms: readonly Detected[]) => Promise<void>;

/** New messages in one minute. What is critical has room left when everything else has none. */
const PER_MINUTE = 10;
const CRITICAL_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
/** Names may be as long as a request. */
const TEXT = 600;

export function createTeller(needs: TellerNeeds): Teller {
  const { settings, groups, events, asker, detections, outbox, channel, clock } = needs;
  const add = async (alarm: Detected, now: number) => {
    const atMs = alarm.timeMs ?? now;
    const day = new Date(atMs).toISOString().slice(0, 10);
    const { group, owner, fingerprint, detection, severity } = alarm;
    const limit = severity === 'critical' ? CRITICAL_PER_MINUTE : PER_MINUTE;
    const minute = Math.floor(now / MINUTE_MS);
    return { day, standing: await groups.add({ cluster: settings.cluster, day, group, ...(owner !== undefined && { owner }), fingerprint, detection, severity, atMs, alarm: shownAlarm(alarm), minute, limit }) };
  };
  return async (alarms) => {
    const now = clock.now().getTime();
    const changed = new Map<string, Awaited<ReturnType<typeof add>> & { readonly alarm: Detected }>();
    const placed = new Map<Detected, string>();
    for (const alarm of alarms) {
      if (compareSeverity(alarm.severity, settings.minSeverity) > 0) continue;
      const added = await add(alarm, now);
      const place = `${added.day}/${added.standing.id}`;
      placed.set(alarm, place);
      changed.set(place, { ...added, alarm });
    }
    const untold = new Set<string>();
    const told = new Map<string, string>();
    for (const [place, { alarm, day, standing }] of changed) {
      if (!standing.isTold) {
        untold.add(day);
        continue;
      }
      const id = `event/${settings.cluster}/${place}`;
      const said = { channel, event: await messageOf(alarm, standing, needs) };
      await publishEvent(id, await events.say(id, said, standing.count), outbox);
      told.set(place, id);
    }
    for (const alarm of alarms) await asker.ask(alarm, alarm.timeMs ?? now, told.get(placed.get(alarm) ?? ''));
    for (const day of untold) {
      const counts = Object.entries(await groups.untold(settings.cluster, day)).toSorted(([, a], [, b]) => b - a);
      const data = { cluster: settings.cluster, detections: counts.map(([id, count]) => ({ title: detections.find((detection) => detection.id === id)?.title ?? id, count })) };
      await outbox.put({ id: `events-untold/${settings.cluster}/${day}`, channel, template: untoldTemplate, data, revision: counts.reduce((sum, [, count]) => sum + count, 0) });
    }
  };
}

type Standing = Awaited<ReturnType<AlarmGroups['add']>>;

async function messageOf(alarm: Detected, standing: Standing, { settings, production, detections, personOf, asker }: TellerNeeds): Promise<EventMessage> {
  const { actor, object, detection: id } = alarm;
  const detection = detections.find((candidate) => candidate.id === id);
  const { severity, count, alarms, beforeMs, isOfSeveralPods } = standing;
  const workload = standing.workload ?? alarm.owner?.workload;
  const acting = actingUser(alarm);
  const person = acting === undefined ? undefined : (await personOf(acting))?.slackId;
  const isForChannel = acting !== undefined && asker.concerns(alarm) && (await asker.whom(alarm)) === undefined;
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
    ...(workload !== undefined && { workload }),
    ...(isOfSeveralPods && { isOfSeveralPods }),
    count,
    alarms,
    ...(beforeMs !== undefined && { before: new Date(beforeMs).toISOString() }),
    ...(alarm.overMs !== undefined && { over: new Date(alarm.overMs).toISOString() }),
    fix: detection?.fix ?? '',
    ...(isForChannel && { freeze: acting }),
  };
}

function shownAlarm({ timeMs, message, outcome, actor, object, command }: Detected): ShownAlarm {
  return {
    ...(timeMs !== undefined && { at: new Date(timeMs).toISOString() }),
    message: cut(message, TEXT),
    ...(outcome !== undefined && { outcome }),
    ...(actor?.address !== undefined && { address: cut(actor.address, TEXT) }),
    ...(actor?.userAgent !== undefined && { userAgent: cut(actor.userAgent, TEXT) }),
    ...(command !== undefined && { command: cut(command.join(' '), TEXT) }),
    ...(object?.kind === 'Pod' && { pod: cut(object.name, TEXT) }),
  };
}
