import { createContext, use, useMemo, type ReactElement, type ReactNode } from 'react';
import type { PageChannel, PageGroup, PagePerson, Workspace } from '../slack/page/contract.ts';
import type { Viewpoint } from './text/dates.ts';

/** What everything shown looks names, times and colors up in. */
export interface World {
  readonly people: ReadonlyMap<string, PagePerson>;
  readonly groups: ReadonlyMap<string, PageGroup>;
  readonly channels: ReadonlyMap<string, PageChannel>;
  /** Id of the app's own account; empty without a workspace. */
  readonly appUserId: string;
  readonly meId: string;
  readonly viewpoint: Viewpoint;
  readonly openChannel: (id: string) => void;
}

const NOWHERE: World = {
  people: new Map(),
  groups: new Map(),
  channels: new Map(),
  appUserId: '',
  meId: '',
  viewpoint: { zone: 'UTC', nowMs: 0 },
  openChannel: () => undefined,
};

const WorldContext = createContext(NOWHERE);

interface WorldProps {
  readonly workspace: Workspace;
  readonly nowMs: number;
  readonly openChannel: (id: string) => void;
  readonly children: ReactNode;
}

export function WorldProvider({ workspace, nowMs, openChannel, children }: WorldProps): ReactElement {
  const world = useMemo(() => worldOf(workspace, nowMs, openChannel), [workspace, nowMs, openChannel]);
  return <WorldContext value={world}>{children}</WorldContext>;
}

export function useWorld(): World {
  return use(WorldContext);
}

export function worldOf(workspace: Workspace, nowMs: number, openChannel: (id: string) => void = () => undefined): World {
  const { people, groups, channels, directMessage, app, me } = workspace;
  return {
    people: new Map(people.map((person) => [person.id, person])),
    groups: new Map(groups.map((group) => [group.id, group])),
    channels: new Map([...channels, ...(directMessage === undefined ? [] : [directMessage])].map((channel) => [channel.id, channel])),
    appUserId: app.userId,
    meId: me.id,
    viewpoint: { zone: me.timeZone, nowMs },
    openChannel,
  };
}
