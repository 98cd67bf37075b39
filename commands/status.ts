import { defineCommand } from '#src/model/command.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import { template, type Hindrance } from '#templates/status.ts';
import { clusterStatus } from './support/cluster-status.ts';
import { permittedClusters } from './support/clusters.ts';

/** Tells how the clusters are as far as is known, and how the bot itself is. */
export const command = defineCommand({
  name: 'status',
  usage: 'status',
  summary: 'Show last scans, what could not be looked at, and how the bot is.',
  examples: ['status'],
  access: 'viewer',
  maxWords: 0,
  flags: {},
  async run(_, caller, services) {
    const permitted = await permittedClusters('viewer', caller, services);
    const [clusters, health, questions] = await Promise.all([Promise.all(permitted.map((cluster) => clusterStatus(cluster, services))), services.health.report(), services.needs.all()]);
    const isPermitted = ({ cluster }: { readonly cluster: string }): boolean => permitted.some(({ name }) => name === cluster);
    const shown = { ...health, events: health.events.filter(isPermitted) };
    return { message: template.render({ clusters, hindrances: hindrancesOf(questions.filter(isPermitted)), health: shown }, services) };
  },
});

/** What keeps several from going on for the same reason is one entry, with the next time that it is tried for any of them. */
function hindrancesOf(questions: readonly NeedQuestion[]): readonly Hindrance[] {
  const all = questions.flatMap(({ cluster, hindrance }) => (hindrance === undefined ? [] : [{ cluster, why: hindrance.why.replace(/\.$/, ''), nextAt: hindrance.nextAt }]));
  const same = Map.groupBy(all, ({ cluster, why }) => JSON.stringify([cluster, why]));
  return [...same.values()].flatMap((found) => {
    const [first] = found.toSorted((a, b) => a.nextAt.localeCompare(b.nextAt));
    return first === undefined ? [] : [{ ...first, people: found.length }];
  });
}
