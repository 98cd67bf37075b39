import type { Config } from '#src/config/config.ts';

/** A section of the configuration file, and what it gives. */
export interface Place {
  readonly gives: string;
  readonly section: 'roles' | 'approvals';
}

/** The Slack users and groups that the configuration gives something to. Who stands in several places is told of once. */
export function namedPeople({ grants = [], approvals }: Pick<Config, 'grants' | 'approvals'>): ReadonlyMap<string, Place> {
  const deciding = Object.values(approvals.kinds).flatMap(({ approvers = [], escalateTo = [] }) => [...approvers, ...escalateTo]);
  const delegates = approvals.delegates.flatMap(({ from, to }) => [from, to]);
  const named: readonly (readonly [string, Place])[] = [
    ...[...deciding, ...delegates].map((id) => [id, { gives: 'decides requests', section: 'approvals' }] as const),
    ...grants.map(({ who }) => [who, { gives: 'has a role', section: 'roles' }] as const),
  ];
  return new Map(named.filter(([who]) => who !== '*'));
}
