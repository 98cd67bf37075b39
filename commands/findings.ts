import { defineCommand, UsageError, type Arguments } from '#src/model/command.ts';
import { areaOf } from '#src/model/finding.ts';
import { didYouMean } from '#src/model/nearest.ts';
import type { ClusterState, FindingState, TrackedFinding } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { byUrgency } from '#src/scan/compare.ts';
import { PAGE, template as findingsList } from '#templates/findings.ts';
import { lastLook } from './support/cluster-status.ts';
import { namedCluster, permittedClusters } from './support/clusters.ts';
import { parseAreas, parseSeverities } from './support/words.ts';

const STATES = ['open', 'fixed', 'not-visible', 'all'] as const;

/** Lists findings of the last scans, worst first, a page at a time. */
export const command = defineCommand({
  name: 'findings',
  usage: 'findings [cluster] [-s SEVERITY] [-a AREA] [-n NAME] [-c CHECK] [--state STATE] [-p PAGE]',
  summary: 'List what the last scans found.',
  examples: ['findings', 'findings prod-eu --severity critical,high', 'findings prod-eu -n shop --state fixed', 'findings --check workload/privileged'],
  access: 'viewer',
  maxWords: 1,
  flags: {
    severity: { type: 'string', short: 's', value: 'SEVERITY', text: 'Only these severities, separated by commas.' },
    area: { type: 'string', short: 'a', value: 'AREA', text: 'Only these areas, separated by commas.' },
    namespace: { type: 'string', short: 'n', value: 'NAME', text: 'Only objects of this namespace.' },
    check: { type: 'string', short: 'c', value: 'CHECK', text: 'Only this check.' },
    state: { type: 'string', value: 'STATE', text: 'open (default), fixed, not-visible or all.', choices: STATES },
    page: { type: 'string', short: 'p', value: 'PAGE', text: 'The page to show, from 1.' },
  },
  async run(args, caller, services) {
    const permitted = await permittedClusters('viewer', caller, services);
    const [name] = args.words;
    const targets = name === undefined ? permitted : [namedCluster(name, permitted)];
    const filter = filterOf(args, services);
    const page = pageOf(args);
    const states = await Promise.all(targets.map(async (cluster) => ({ cluster, state: await services.scans.state(cluster.name) })));
    const matching = states.flatMap(({ cluster, state }) => (state?.findings ?? []).filter(filter.matches).map((finding) => ({ ...finding, cluster: cluster.name }))).sort(byUrgency);
    const start = (page - 1) * PAGE;
    const clusters = states.map(({ cluster, state }) => ({ name: cluster.name, ...(state && lastLook(state)), gaps: missedChecks(state) }));
    const next = matching.length > start + PAGE ? { next: nextPage(args, page) } : {};
    return {
      message: findingsList.render({ filter: filter.text, findings: matching.slice(start, start + PAGE), count: matching.length, page, clusters, ...next }, services),
    };
  },
});

interface Filter {
  readonly text: string;
  readonly matches: (finding: TrackedFinding) => boolean;
}

function filterOf({ options }: Arguments, { checks }: Services): Filter {
  const severities = parseSeverities(options.severity);
  const areas = parseAreas(options.area);
  const state = stateOf(options.state);
  const check = options.check;
  const ids = checks.map(({ id }) => id);
  if (check !== undefined && !ids.includes(check)) throw new UsageError(`There is no check "${check}".${didYouMean(check, ids)}`);
  const namespace = options.namespace;
  const parts = [state, ...(severities ?? []), ...(areas ?? []), ...(namespace === undefined ? [] : [`namespace ${namespace}`]), ...(check === undefined ? [] : [check])];
  return {
    text: parts.join(', '),
    matches: (finding) =>
      (state === 'all' || finding.state === state) &&
      (severities?.includes(finding.severity) ?? true) &&
      (areas?.includes(areaOf(finding.check)) ?? true) &&
      (namespace === undefined || finding.object.namespace === namespace) &&
      (check === undefined || finding.check === check),
  };
}

function stateOf(text = 'open'): FindingState | 'all' {
  const found = STATES.find((state) => state === text.toLowerCase());
  if (found === undefined) throw new UsageError(`There is no state "${text}".${didYouMean(text, STATES)} Known: ${STATES.join(', ')}.`);
  return found;
}

function pageOf({ options: { page = '1' } }: Arguments): number {
  if (!/^[1-9]\d{0,4}$/.test(page)) throw new UsageError(`"${page}" is no page number.`);
  return Number(page);
}

function nextPage({ words, options }: Arguments, page: number): readonly string[] {
  const kept = Object.entries(options).filter(([flag]) => flag !== 'page');
  return [...words, ...kept.flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}`, value])), '--page', String(page + 1)];
}

function missedChecks(state: ClusterState | undefined): number {
  return new Set((state?.gaps ?? []).map(({ check }) => check)).size;
}
