import { defineCommand, UsageError, type Arguments } from '#src/model/command.ts';
import type { Caller } from '#src/model/access.ts';
import type { Cluster } from '#src/model/clusters.ts';
import type { ScanScope } from '#src/model/scan-record.ts';
import type { ScanRequest } from '#src/model/scans.ts';
import type { Services } from '#src/model/services.ts';
import { AREAS } from '#src/model/finding.ts';
import { usualMs } from '#src/scan/usual.ts';
import { template as clusterList } from '#templates/clusters.ts';
import { template as scanAsked } from '#templates/scan-asked.ts';
import { permittedCluster, permittedClusters } from './support/clusters.ts';
import { parseAreas } from './support/words.ts';

/**
 * Scans a cluster now. A cluster that is being scanned is not scanned twice: the caller joins the scan under way.
 *
 * With several clusters and none named it asks which one.
 */
export const command = defineCommand({
  name: 'scan',
  usage: 'scan [cluster] [--namespace NAME] [--area AREA[,AREA]] [--all]',
  summary: 'Scan a cluster now and post the result here.',
  examples: ['scan', 'scan prod-eu', 'scan prod-eu -n shop', 'scan prod-eu --area access,workload'],
  access: 'operator',
  maxWords: 1,
  flags: {
    namespace: { type: 'string', short: 'n', value: 'NAME', text: 'Report only findings of this namespace.' },
    area: { type: 'string', short: 'a', value: 'AREA', text: 'Run only the checks of these areas.', choices: AREAS },
    all: { type: 'boolean', text: 'Scan every cluster.' },
  },
  async run(args, caller, services) {
    const [name] = args.words;
    const permitted = name === undefined ? await permittedClusters('operator', caller, services) : [await permittedCluster(name, 'operator', caller, services)];
    if (name !== undefined && args.switches.has('all')) throw new UsageError('Name one cluster, or say --all.');
    const scope = scopeOf(args, services);
    if (permitted.length > 1 && !args.switches.has('all')) {
      const rest = [...(scope.namespace === undefined ? [] : ['--namespace', scope.namespace]), ...(scope.areas === undefined ? [] : ['--area', scope.areas.join(',')])];
      const lines = permitted.map(({ name, production, schedule, timeZone }) => ({ name, production, schedule, timeZone }));
      return { message: clusterList.render({ clusters: lines, choose: { command: 'scan', rest, all: ['--all', ...rest] } }, services) };
    }
    const started = await services.scans.start(permitted.map((cluster) => requestFor(cluster, scope, caller)));
    const scans = await Promise.all(
      started.map(async (start) => {
        const usual = usualMs(await services.scans.state(start.scan.cluster));
        const more = start.outcome === 'queued' ? { place: start.place } : { isNarrower: !covers(start.scan.scope, scope) };
        return { scan: start.scan, ...more, ...(usual !== undefined && { usualMs: usual }) };
      }),
    );
    return { message: scanAsked.render({ scans, here: caller.channelId }, services) };
  },
});

function scopeOf({ options }: Arguments, { checks }: Services): ScanScope {
  const areas = parseAreas(options.area);
  if (areas !== undefined && !checks.some((check) => areas.some((area) => check.id.startsWith(`${area}/`)))) {
    throw new UsageError(`No check of this version looks at ${areas.join(', ')} yet.`);
  }
  return { ...(options.namespace !== undefined && { namespace: options.namespace }), ...(areas !== undefined && { areas }) };
}

/** Whether a scan of that scope answers what was asked for. */
function covers(made: ScanScope, wanted: ScanScope): boolean {
  const hasNamespace = made.namespace === undefined || made.namespace === wanted.namespace;
  const { areas } = made;
  return hasNamespace && (areas === undefined || (wanted.areas?.every((area) => areas.includes(area)) ?? false));
}

function requestFor(cluster: Cluster, scope: ScanScope, { userId, name, channelId }: Caller): ScanRequest {
  return { cluster: cluster.name, scope, asker: { person: userId, name }, channel: channelId };
}
