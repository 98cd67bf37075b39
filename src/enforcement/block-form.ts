import { distinct, isClosed, type Composition, type NewPart } from '#src/actions/composition.ts';
import type { ConnectionDirection } from '#src/model/connection.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { Entry } from './entry.ts';

/** How policies name directions. */
export const TITLE = { egress: 'Egress', ingress: 'Ingress' } as const;

/** How a sort of policy keeps something out in one direction. */
export interface BlockForm {
  /** Of a policy that is new. */
  readonly constants: RawObject;
  /** List that says what is kept out, or what passes alone. */
  readonly field: string;
  /** List of the directions that the policy is about, where there is one. */
  readonly types?: string;
  /** What the list lets through from when it is first closed. */
  readonly ground: () => readonly RawObject[];
  readonly closing: (entry: Entry, made: Composition) => Pick<NewPart, 'add' | 'remove'>;
}

/** How a sort of policy closes a direction as a whole, but for what it lets through. */
export interface ClosingForm extends Omit<BlockForm, 'closing'> {
  /** Of the ground: lets everything through that is not denied, and goes. */
  readonly tail: (ground: readonly unknown[]) => readonly unknown[];
  /** What passes in the name of whoever closes it, where the ground is another one. */
  readonly opens: () => readonly RawObject[];
}

/** What a part of an isolation is about. */
export const EVERYTHING = 'everything that is not let through';

/** What is to be kept out, with what people call it. */
export interface Denial {
  readonly what: string;
  readonly entry: Entry;
}

/** What k8ssec's object is made of by now, or would be before anything is kept out. `meanwhile` is let through for a time from the start. */
export function groundOf({ constants, field, ground }: Omit<BlockForm, 'closing'>, own: Composition | undefined, meanwhile: Composition['parts'] = []): Composition {
  const made = own ?? { constants: { ...constants }, ground: {}, parts: [] };
  return isClosed(made, field) ? made : { ...made, ground: { ...made.ground, [field]: distinct(ground()) }, parts: [...made.parts, ...meanwhile] };
}

/** Parts of one request that closes the direction as a whole. */
export function isolatingParts({ field, types, tail, opens }: ClosingForm, direction: ConnectionDirection, { ground }: Composition, allowed: readonly NewPart[]): readonly NewPart[] {
  const passing = opens();
  return [
    ...(types === undefined ? [] : [{ what: direction, field: types, add: [TITLE[direction]] }]),
    { what: EVERYTHING, field, remove: tail(ground[field] ?? []), ...(passing.length > 0 && { opens: passing }) },
    ...allowed,
  ];
}

/** Parts of one request that keep this out. Each says by itself that the direction is closed, so that it does so without the others. */
export function closingParts(form: BlockForm, direction: ConnectionDirection, denials: readonly Denial[], made: Composition): readonly NewPart[] {
  const { field, types } = form;
  return [
    ...(types === undefined ? [] : [{ what: direction, field: types, add: [TITLE[direction]] }]),
    ...denials.map(({ what, entry }) => ({ what, field, ...form.closing(entry, made) })),
  ];
}
