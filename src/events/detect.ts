import { createHash } from 'node:crypto';
import type { AllowingBinding, AuditEvent, AuditOutcome } from '#src/model/audit-event.ts';
import { isOfKubernetes } from '#src/model/audit-object.ts';
import type { Alarm, BegunJudges, Detection, DetectionContext, EventOf, EventSource, Verdicts } from '#src/model/detection.ts';
import type { AlarmOwner } from '#src/model/event-intake.ts';
import { objectKey, type ObjectRef, type Severity } from '#src/model/finding.ts';
import type { AuditInterest } from '#src/model/presence.ts';
import { showsAnySign, showsSign } from './audit-signs.ts';
import { aboutEvent, type About, type Actor } from './about.ts';

export type { Actor } from './about.ts';

/** One alarm of a detection, with everything that a message about it says. */
export interface Detected {
  readonly detection: string;
  readonly item?: string;
  readonly severity: Severity;
  /** Absent where the log leaves it out. */
  readonly timeMs?: number;
  readonly actor: Actor | null;
  readonly object: ObjectRef | null;
  /** To find the pod by, where the source knows no more of it. */
  readonly containerId?: string;
  /** Of an audit event. */
  readonly outcome?: AuditOutcome;
  readonly binding?: AllowingBinding;
  readonly command?: readonly string[];
  readonly message: string;
  /** Same for what belongs into one message: the same thing by the same actor to the same object. */
  readonly group: string;
  /** Of what is about a pod: the same whichever pod it is. */
  readonly anyPodGroup?: string;
  /** Of the pod that it is about, where it is known. Part of neither `group` nor `fingerprint`: an event that comes again is the same, whatever is known of its pod. */
  readonly owner?: AlarmOwner;
  /** Same only when the same event comes again. */
  readonly fingerprint: string;
  /** When what it tells of was over; absent while it lasts, and for what does not last. */
  readonly overMs?: number;
}

/** A detection that an event concerns and that could not judge it. */
export interface Unjudged {
  readonly detection: string;
  readonly reason: string;
}

export type Judgement = Detected | Unjudged;

/** Runs detections over events, one after the other. */
export interface Detector extends AuditInterest {
  readonly judge: <S extends EventSource>(source: S, event: EventOf[S]) => readonly Judgement[];
}

export interface DetectorNeeds {
  readonly detections: readonly Detection[];
  readonly context: DetectionContext;
  /** Part of every group and fingerprint. */
  readonly cluster: string;
  /** Takes what a detection threw; the others go on. */
  readonly onFault: (detection: string, error: unknown) => void;
}

/** Pairs of resource and verb whose detections are remembered. Verbs come from the log, which may hold anything. */
const MAX_PAIRS = 1000;
const FINGERPRINT_BYTES = 10;

interface Unit {
  readonly detection: Detection;
  readonly judges: BegunJudges;
}

/** With nothing seen yet. */
export function createDetector(needs: DetectorNeeds): Detector {
  const units = needs.detections.map((detection): Unit => ({ detection, judges: detection.begin() }));
  const auditUnits = createAuditIndex(units);
  return {
    showsSign: showsAnySign,
    concerns: (request) => auditUnits(request).some(({ detection: { audit } }) => audit?.when === undefined),
    judge(source, event) {
      const judgements: Judgement[] = [];
      const concerned = source === 'audit' ? auditUnits(event as AuditEvent) : units;
      for (const unit of concerned) if (isShown(unit, source, event)) judgements.push(...judgeOne(unit, source, event, needs));
      return judgements;
    },
  };
}

/** What is known by now of whose pod it is. The same for each pod of the workload. */
export function ownedBy(alarm: Detected, workload: ObjectRef): Detected {
  const { anyPodGroup } = alarm;
  return anyPodGroup === undefined ? alarm : { ...alarm, owner: { workload, group: JSON.stringify([anyPodGroup, objectKey(workload)]) } };
}

/** Most requests concern no detection: they are found by resource and verb without asking each. */
function createAuditIndex(units: readonly Unit[]): (request: Pick<AuditEvent, 'verb' | 'target'>) => readonly Unit[] {
  const known = new Map<string, readonly Unit[]>();
  const named = new Set(units.flatMap(({ detection }) => detection.audit?.resources ?? []));
  return ({ target, verb }) => {
    const resource = target !== undefined && named.has(target.resource) && isOfKubernetes(target) ? target.resource : '';
    const key = `${resource} ${verb}`;
    const found = known.get(key) ?? units.filter(({ detection: { audit } }) => audit !== undefined && (audit.resources?.includes(resource) ?? true) && (audit.verbs?.includes(verb) ?? true));
    if (known.size < MAX_PAIRS) known.set(key, found);
    return found;
  };
}

function isShown<S extends EventSource>({ detection: { audit } }: Unit, source: S, event: EventOf[S]): boolean {
  return source !== 'audit' || audit?.when === undefined || showsSign(event as AuditEvent, audit.when);
}

function judgeOne<S extends EventSource>({ detection, judges }: Unit, source: S, event: EventOf[S], needs: DetectorNeeds): readonly Judgement[] {
  const judge = judges[source] as ((event: EventOf[S], context: DetectionContext) => Verdicts) | undefined;
  if (judge === undefined) return [];
  const judgements: Judgement[] = [];
  try {
    for (const verdict of judge(event, needs.context)) {
      if ('undecided' in verdict) judgements.push({ detection: detection.id, reason: verdict.undecided });
      else judgements.push(detectedOf(detection, verdict, aboutEvent(source, event), needs.cluster));
    }
  } catch (error) {
    needs.onFault(detection.id, error);
  }
  return judgements;
}

function detectedOf({ id, severity, items }: Detection, alarm: Alarm, about: About, cluster: string): Detected {
  const { item, message, command } = alarm;
  const { actor, timeMs, containerId, outcome, binding } = about;
  const object = alarm.object === undefined ? about.object : alarm.object;
  const common = [cluster, id, item, actor?.user];
  const more = alarm.group ?? [];
  const group = JSON.stringify([...common, object === null ? containerId : objectKey(object), ...more]);
  const isAboutPod = object === null ? containerId !== undefined : object.kind === 'Pod';
  return {
    detection: id,
    ...(item !== undefined && { item }),
    severity: alarm.severity ?? (item === undefined ? undefined : items?.[item]?.severity) ?? severity,
    ...(timeMs !== undefined && { timeMs }),
    actor,
    object,
    ...(object === null && containerId !== undefined && { containerId }),
    ...(outcome !== undefined && { outcome }),
    ...(binding !== undefined && { binding }),
    ...(command !== undefined && { command }),
    message,
    group,
    ...(isAboutPod && { anyPodGroup: JSON.stringify([...common, ...more]) }),
    fingerprint: createHash('sha256').update(JSON.stringify([group, about.id ?? timeMs, message])).digest().toString('hex', 0, FINGERPRINT_BYTES),
  };
}
