import { z } from 'zod';
import { remoteProblem } from '#src/connections/allowlist.ts';
import { groupProblem } from '#src/connections/range-list.ts';
import { RESERVED_GROUPS } from '#src/connections/remote.ts';
import { isDay } from '#src/model/day.ts';
import { feedsOf, type EventSettings, type Feed } from '#src/model/event-intake.ts';
import type { AllowEntry, ConnectionSettings, EnforcementMode } from '#src/model/connection.ts';
import { parseDuration } from '#src/model/duration.ts';
import { labelsProblem } from '#src/model/labels.ts';
import type { ConfigFault } from './faults.ts';
import type { RangeFile } from './range-files.ts';
import { isChannel } from './values.ts';

const HOUR_MS = 3600_000;
const LEARN_MS = 24 * HOUR_MS;
const LONGEST_MS = 30 * LEARN_MS;
/** Feeds that tell every connection: they are watched without being asked for. */
const FLOW_FEEDS: readonly Feed[] = ['hubble', 'calico', 'flows'];
/** Feeds that tell some of them. */
const ALERT_FEEDS: readonly Feed[] = ['falco', 'sysdig'];

const mode = z.enum(['observe', 'propose', 'enforce'], { error: 'is none of observe, propose, enforce' });
const name = z.string().min(1);
const cidr = z.union([z.cidrv4(), z.cidrv6()]);
const ranges = z.array(z.string().refine((text) => cidr.safeParse(text).success, { error: 'is no CIDR such as 10.244.0.0/16' })).min(1);
const learn = z
  .string()
  .refine((text) => text === 'off' || isLearnable(parseDuration(text)), { error: 'is neither off nor a duration such as 24h, from 1h to 30d' })
  .transform((text) => (text === 'off' ? 0 : (parseDuration(text) ?? LEARN_MS)));

const allowShape = z.strictObject({
  remote: name,
  direction: z.enum(['egress', 'ingress']).default('egress'),
  namespace: name.optional(),
  workload: name.optional(),
  labels: z
    .record(z.string(), z.string())
    .superRefine((labels, context) => {
      const problem = labelsProblem(labels);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .optional(),
  port: z.int().min(1).max(65_535).optional(),
  owner: name,
  reason: name,
  until: z.string().refine(isDay, { error: 'is no day such as 2026-12-01' }).optional(),
});

const ownerShape = z.strictObject({
  namespace: name.optional(),
  workload: name.optional(),
  team: z.string().min(1).max(60),
  who: z.string().regex(/^[UWSCG][A-Z0-9]{2,}$/, { error: 'is no Slack id of a person (U…), a user group (S…) or a channel (C…)' }),
});

/** Whose connections with the outside are watched, as the configuration file has it under `connections`. */
export const connectionsShape = z.array(
  z.strictObject({
    cluster: name,
    channel: z.string().refine(isChannel, { error: 'is no Slack channel id such as C0123456789' }).optional(),
    learn: learn.default(LEARN_MS),
    clusterRanges: ranges.optional(),
    corporateRanges: ranges.optional(),
    groups: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'may hold only a-z, 0-9 and dashes, at most 40' }), z.union([ranges, z.strictObject({ file: name })])).optional(),
    allow: z.array(allowShape).optional(),
    owners: z.array(ownerShape).optional(),
    mode: mode.default('observe'),
    modes: z.record(name, mode).optional(),
    sourceRanges: z.array(z.string().regex(/^(\*|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/, { error: "is neither the name of a namespace nor '*' for all" })).optional(),
  }),
);

type Given = z.output<typeof connectionsShape>;

/** Of clusters that are named, and of those that send flows. `files` are what groups name. */
export function connectionSettings(given: Given = [], events: readonly EventSettings[], files: readonly RangeFile[]): readonly ConnectionSettings[] {
  const named = given.map(({ cluster, channel, learn: learnMs, clusterRanges = [], corporateRanges = [], groups = {}, allow = [], owners = [], mode: usual, modes = {}, sourceRanges = [] }) => ({
    cluster,
    channel: channel ?? events.find((entry) => entry.cluster === cluster)?.channel,
    learnMs,
    clusterRanges,
    corporateRanges,
    groups: new Map(Object.entries(groups).map(([group, source]) => [group, Array.isArray(source) ? source : rangesIn(files, cluster, group)])),
    allow: allow.map((entry, index) => allowEntry(cluster, entry, index)),
    owners: owners.map(({ namespace, workload, ...owner }) => ({ ...owner, namespace, workload })),
    mode: usual,
    modes: new Map(Object.entries(modes)),
    sourceRanges,
  }));
  const sending = events.filter((entry) => feedsOf(entry).some((feed) => FLOW_FEEDS.includes(feed)) && !given.some(({ cluster }) => cluster === entry.cluster));
  return [...named, ...sending.map(({ cluster, channel }) => unnamedSettings(cluster, channel))];
}

function rangesIn(files: readonly RangeFile[], cluster: string, group: string): readonly string[] {
  return files.find((file) => file.cluster === cluster && file.group === group)?.ranges ?? [];
}

function unnamedSettings(cluster: string, channel: string | undefined): ConnectionSettings {
  return { cluster, channel, learnMs: LEARN_MS, clusterRanges: [], corporateRanges: [], groups: new Map(), allow: [], owners: [], mode: 'observe', modes: new Map(), sourceRanges: [] };
}

/** What can be told wrong only by looking at several keys. `feeds` are what comes from a cluster. */
export function connectionFaults(given: Given = [], feedsFrom: (cluster: string) => readonly Feed[]): readonly ConfigFault[] {
  const clusters = given.map(({ cluster }) => cluster);
  return given.flatMap(({ cluster, groups = {}, allow = [], mode: usual, modes = {}, sourceRanges = [] }, index) => {
    const at = `connections[${index}]`;
    const known = new Map(Object.entries(groups));
    const sends = feedsFrom(cluster).some((feed) => FLOW_FEEDS.includes(feed) || ALERT_FEEDS.includes(feed));
    const wide = Object.entries(groups).flatMap(([group, source]) => (Array.isArray(source) ? [[group, groupProblem(source)] as const] : []));
    return [
      ...(clusters.indexOf(cluster) < index ? [{ name: `${at}.cluster`, problem: 'is used twice' }] : []),
      ...(sends ? [] : [{ name: at, problem: `can see nothing: \`events\` has none of ${[...FLOW_FEEDS, ...ALERT_FEEDS].join(', ')} for this cluster` }]),
      ...sourceRanges.flatMap((namespace, place) => (isEverActed(namespace, usual, modes) ? [] : [{ name: `${at}.sourceRanges[${place}]`, problem: 'has no effect where `mode` is observe' }])),
      ...Object.keys(groups).filter((group) => RESERVED_GROUPS.includes(group)).map((group) => ({ name: `${at}.groups.${group}`, problem: 'is a name that the bot uses itself' })),
      ...wide.flatMap(([group, problem]) => (problem === undefined ? [] : [{ name: `${at}.groups.${group}`, problem }])),
      ...allow.flatMap(({ remote }, entry) => {
        const problem = remoteProblem(remote, known);
        return problem === undefined ? [] : [{ name: `${at}.allow[${entry}].remote`, problem }];
      }),
    ];
  });
}

function allowEntry(cluster: string, { remote, direction, namespace, workload, labels, port, owner, reason, until }: NonNullable<Given[number]['allow']>[number], index: number): AllowEntry {
  return {
    id: `config-${index + 1}`,
    cluster,
    direction,
    remote,
    owner,
    reason,
    ...(namespace !== undefined && { namespace }),
    ...(workload !== undefined && { workload }),
    ...(labels !== undefined && { labels }),
    ...(port !== undefined && { port }),
    ...(until !== undefined && { until: `${until}T00:00:00.000Z` }),
  };
}

/** In mode propose people are shown what would be changed. */
function isEverActed(namespace: string, usual: EnforcementMode, modes: Readonly<Record<string, EnforcementMode>>): boolean {
  const possible = namespace === '*' ? [usual, ...Object.values(modes)] : [modes[namespace] ?? usual];
  return possible.some((one) => one !== 'observe');
}

function isLearnable(ms: number | undefined): boolean {
  return ms !== undefined && ms >= HOUR_MS && ms <= LONGEST_MS;
}
