import { z } from 'zod';
import type { OpenCluster, PatchStep } from '#src/model/clusters.ts';
import type { ChangeResult, Maker, ObjectAddress, SetTexts } from '#src/model/plan.ts';
import { formatPath, textAt, type RawObject, type Step } from '#src/model/raw.ts';
import { settle, type NextStep } from './attempts.ts';
import { OWN_PREFIX } from './own-objects.ts';
import { pointer, setStep, textsSteps, unchanged } from './patch-steps.ts';
import { listOf } from './text-lists.ts';
import { beingDeleted, isBeingDeleted, nameOf, notTakenBack } from './wording.ts';

/** Annotation on an object of somebody else: what was put into its source ranges for a time, so that it ends although nobody remembers it. */
const NOTE = `${OWN_PREFIX}source-ranges`;
const NOTE_PATH = ['metadata', 'annotations', NOTE] as const;

const ending = z.strictObject({
  /** The bot that alone ends it. */
  installation: z.string(),
  request: z.string(),
  until: z.iso.datetime(),
  /** What goes out of the list then. */
  put: z.array(z.string()).min(1).readonly(),
});
const endings = z.array(ending).readonly();

export type Ending = z.output<typeof ending>;

/** None where there is no such note; undefined where somebody has made something else of it. */
export function endingsOf(object: RawObject): readonly Ending[] | undefined {
  const text = textAt(object, ...NOTE_PATH);
  if (text === undefined) return [];
  try {
    return endings.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export function unreadable(address: ObjectAddress): string {
  return `the annotation ${NOTE} of ${nameOf(address)} cannot be read, so that nobody knows what of its source ranges ends: take out what is not to stay, and take the annotation off`;
}

/** What has to be noted of a change that is made for a time. Only what is added to a list can end without anybody who remembers what stood there. */
export function endingFor({ installation, previous, value }: SetTexts, { request, until }: Maker): Ending | undefined {
  if (installation === undefined || until === undefined || previous?.every((text) => value.includes(text)) !== true) return undefined;
  return { installation, request, until, put: value.filter((text) => !previous.includes(text)) };
}

/** To follow steps that hold only for the object as it was looked at. The note goes when it says nothing any more. */
export function noteSteps(now: RawObject, noted: readonly Ending[]): readonly PatchStep[] {
  if (noted.length > 0) return [setStep(now, NOTE_PATH, JSON.stringify(noted))];
  return textAt(now, ...NOTE_PATH) === undefined ? [] : [{ op: 'remove', path: pointer(NOTE_PATH) }];
}

/** Takes the endings of a request off, where the note says of any. */
export function forgetSteps(now: RawObject, request: string): readonly PatchStep[] {
  const noted = endingsOf(now) ?? [];
  const others = noted.filter((one) => one.request !== request);
  return others.length === noted.length ? [] : noteSteps(now, others);
}

/** What is to end in the list of an object of somebody else. */
interface EndingTexts {
  readonly address: ObjectAddress;
  readonly path: readonly Step[];
  readonly isOver: (one: Ending) => boolean;
}

/** Takes out of the list what was put there and is over, and the note of it. Others' entries stay, and the list never becomes empty. May be repeated at any point. */
export function endTexts(wanted: EndingTexts, cluster: OpenCluster, signal: AbortSignal): Promise<ChangeResult> {
  return settle(cluster, wanted.address, 'not-taken-back', (now) => ended(wanted, now, cluster, signal), signal);
}

function ended({ address, path, isOver }: EndingTexts, now: RawObject | undefined, cluster: OpenCluster, signal: AbortSignal): NextStep {
  if (now === undefined) return { state: 'taken-back' };
  const noted = endingsOf(now);
  if (noted === undefined) return notTakenBack(unreadable(address));
  if (!noted.some(isOver)) return { state: 'taken-back' };
  if (isBeingDeleted(now)) return notTakenBack(beingDeleted(address, now));
  const lasting = noted.filter((one) => !isOver(one));
  const needed = new Set(lasting.flatMap(({ put }) => put));
  const over = new Set(noted.filter(isOver).flatMap(({ put }) => put.filter((text) => !needed.has(text))));
  const found = listOf(now, path) ?? [];
  const left = found.filter((text) => !over.has(text));
  if (left.length === found.length) return (options) => cluster.patch(address, [...unchanged(now), ...noteSteps(now, lasting)], options, signal);
  if (left.length === 0) return notTakenBack(`nothing would be left in ${formatPath(path)} of ${nameOf(address)} without ${[...over].join(', ')}, and people have to say what stays`);
  return (options) => cluster.patch(address, [...textsSteps(now, path, left), ...noteSteps(now, lasting)], options, signal);
}
