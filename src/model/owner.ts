import type { Actor } from './request.ts';

/** Whoever runs what a request is about, and may know more of it than approvers do. */
export interface Owner {
  /** For people: `Payments`. */
  readonly team: string;
  /** Slack id of a person, a user group or a channel. */
  readonly who: string;
}

/** What an owner was asked and said. It decides nothing: approvers do. */
export interface OwnerAsked extends Owner {
  readonly by: Actor;
  /** ISO 8601 */
  readonly at: string;
  readonly answer?: { readonly by: Actor; readonly at: string; readonly isKnown: boolean; readonly reason: string };
}

/** Whoever reads there may answer. */
export function isOwnedByChannel({ who }: Pick<Owner, 'who'>): boolean {
  return /^[CG]/.test(who);
}

/** Groups have no place of their own to be asked in. */
export function isOwnedByGroup({ who }: Pick<Owner, 'who'>): boolean {
  return who.startsWith('S');
}
