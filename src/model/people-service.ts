import type { PeopleNow, PeopleView } from './people-view.ts';

/** How asking one source went. */
export interface SourceReport {
  readonly source: string;
  readonly ok: boolean;
  /** For people, in one sentence. */
  readonly text: string;
  /** People who count as departed since this answer and did not before. */
  readonly departed: number;
}

/** The people of the organisation: asked of systems, joined, remembered. */
export interface People extends PeopleView, PeopleNow {
  /** Whether any system is configured. */
  readonly isConfigured: boolean;
  /** Asks every system, the named one, or those that have never been asked; a system that fails changes nothing of what is known. */
  readonly sync: (signal: AbortSignal, which?: { readonly source: string } | 'never-asked') => Promise<readonly SourceReport[]>;
  /** How each system is, as last asked. */
  readonly health: () => Promise<readonly Pick<SourceReport, 'source' | 'ok' | 'text'>[]>;
}
