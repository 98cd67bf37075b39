import type { InstalledApp } from '../app-config.ts';
import type { Changes } from '../control/changes.ts';
import type { SandboxClock } from '../control/clock.ts';
import type { Backend } from './backend.ts';
import { createIds, idOf } from './ids.ts';
import { seedWorkspace, type PersonSeed } from './seed.ts';

export interface WorkspaceOptions {
  readonly teamName?: string;
  /** The workspace on the other side of shared channels. */
  readonly otherTeamName?: string;
  /** Besides the people who are there anyway. */
  readonly people?: readonly PersonSeed[];
  /** So many ordinary people more, `person1` and so on, for tests of paging. */
  readonly furtherPeople?: number;
}

export interface BackendDeps {
  readonly app: InstalledApp;
  readonly clock: SandboxClock;
  readonly changes: Changes;
  readonly origin: () => string;
  readonly emit: Backend['emit'];
}

/** A workspace full of people, as it is when the stand-in starts. */
export function createBackend(deps: BackendDeps, { teamName = 'Sandbox', otherTeamName = 'Acme', people, furtherPeople }: WorkspaceOptions): Backend {
  const backend: Backend = {
    ...deps,
    team: { id: idOf('T', 'own'), name: teamName, domain: domainOf(teamName) },
    otherTeam: { id: idOf('T', 'other'), name: otherTeamName, domain: domainOf(otherTeamName) },
    users: new Map(),
    groups: new Map(),
    channels: new Map(),
    messages: new Map(),
    files: new Map(),
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    behaviour: { editWindowSeconds: Infinity, fileReadyMs: 0, limitRequiredAbove: 500 },
    newId: createIds(),
    lastMicros: 0,
  };
  seedWorkspace(backend, people, furtherPeople);
  return backend;
}

function domainOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
