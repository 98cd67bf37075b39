import { cut } from '#src/blocks/text.ts';
import type { Detected } from '#src/events/detect.ts';
import type { Approvals } from '#src/model/approvals.ts';
import type { EventSettings } from '#src/model/event-intake.ts';
import type { Outbox } from '#src/model/outbox.ts';
import { accountOf } from '#src/model/principal.ts';
import type { AskedDeed, Questions } from '#src/model/questions.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { template as accessSession } from '#templates/access-session.ts';
import type { PersonLookup } from './person-lookup.ts';

/** Sessions in pods, which access for a time is given for. */
const SESSIONS: readonly string[] = ['audit/pod-exec', 'audit/pod-attach', 'audit/port-forward', 'audit/ephemeral-container'];
/** What people are asked about. Whoever reads Secrets, is on a node, makes administrators, or comes from elsewhere, is asked whatever they were given. */
const ASKED_ABOUT: readonly string[] = [
  ...SESSIONS,
  'audit/node-debug-pod',
  'audit/node-proxy',
  'audit/secrets-bulk-read',
  'audit/secrets-listed-everywhere',
  'audit/cluster-admin-bound',
  'connections/first-api-source-address',
];
/** Names may be as long as a request. */
const TEXT = 600;

export interface AskerNeeds {
  readonly settings: Pick<EventSettings, 'cluster' | 'ask'>;
  readonly production: boolean;
  readonly channel: string;
  readonly titleOf: (detection: string) => string;
  readonly personOf: PersonLookup;
  readonly questions: Pick<Questions, 'ask'>;
  readonly approvals: Pick<Approvals, 'open'>;
  readonly outbox: Pick<Outbox, 'put'>;
}

export interface Asker {
  /** Whether people are asked about such alarms here. */
  readonly concerns: (alarm: Detected) => boolean;
  /** Slack user id of the one who can be asked; undefined when nobody can be, so that it is for the channel. */
  readonly whom: (alarm: Detected) => Promise<string | undefined>;
  /** Asks whoever acted whether it was them. `event` is the message about it, if there is one. A repeat changes nothing. */
  readonly ask: (alarm: Detected, atMs: number, event: string | undefined) => Promise<void>;
}

/** Puts the question "Was this you?" to people in whose name something was done. */
export function createAsker(needs: AskerNeeds): Asker {
  const { settings, production, channel, personOf, questions, approvals, outbox } = needs;
  const isOn = settings.ask === 'always' || (settings.ask === 'production' && production);
  const concerns = ({ detection, outcome, actor }: Detected): boolean => isOn && actor !== null && outcome !== 'refused' && ASKED_ABOUT.includes(detection);
  const whom = async (alarm: Detected): Promise<string | undefined> => {
    const user = actingUser(alarm);
    if (user === undefined || accountOf(user) !== undefined) return undefined;
    const person = await personOf(user);
    return person?.state === 'active' ? person.slackId : undefined;
  };
  return {
    concerns,
    whom,
    async ask(alarm, atMs, event) {
      if (!concerns(alarm)) return;
      const person = await whom(alarm);
      if (person === undefined) return;
      const deed = deedOf(alarm, atMs, needs);
      const given = SESSIONS.includes(deed.detection) ? (await approvals.open()).find((request) => covers(request, person, deed)) : undefined;
      if (given === undefined) await questions.ask({ fingerprint: alarm.fingerprint, deed, person, channel, ...(event !== undefined && { event }) });
      else await outbox.put({ id: `request/${given.id}/session/${alarm.fingerprint}`, channel: given.channel, thread: `request/${given.id}`, template: accessSession, data: { person, deed } });
    },
  };
}

/** Who acted, whoever they acted as. */
export function actingUser({ actor }: Detected): string | undefined {
  return actor === null ? undefined : (actor.impersonator ?? actor.user);
}

/** Access that was given for a time, and has not ended, for the namespace of the deed. */
function covers({ kind, state, targets, clusters, namespaces }: ApprovalRequest, person: string, { cluster, object }: AskedDeed): boolean {
  return kind === 'temporary-access' && state === 'applied' && targets.includes(person) && clusters.includes(cluster) && object?.namespace !== undefined && namespaces.includes(object.namespace);
}

function deedOf(alarm: Detected, atMs: number, { settings, production, titleOf }: AskerNeeds): AskedDeed {
  const { detection, severity, actor, object, owner, command } = alarm;
  const isImpersonated = actor?.impersonator !== undefined;
  return {
    cluster: settings.cluster,
    production,
    detection,
    title: titleOf(detection),
    severity,
    user: actingUser(alarm) ?? '',
    // Those of whom they acted as are not theirs.
    groups: isImpersonated ? [] : (actor?.groups ?? []),
    ...(object !== null && { object }),
    ...(owner !== undefined && { workload: owner.workload }),
    at: new Date(atMs).toISOString(),
    ...(actor?.address !== undefined && { address: cut(actor.address, TEXT) }),
    ...(actor?.userAgent !== undefined && { userAgent: cut(actor.userAgent, TEXT) }),
    ...(command !== undefined && { command: cut(command.join(' '), TEXT) }),
  };
}
