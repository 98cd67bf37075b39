import { actions, button, context, message, section, type Message } from '#src/blocks/build.ts';
import { nameList } from '#src/blocks/phrases.ts';
import { channelMention, code, counted, joined, md, moment, oneLine, ours } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const CLUSTERS = 25;
const BUTTONS = 20;

export interface ClusterLine {
  readonly name: string;
  readonly production: boolean;
  readonly channel?: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly scannedAt?: string;
  readonly isPartial?: boolean;
  readonly version?: string;
}

export interface ClusterList {
  readonly clusters: readonly ClusterLine[];
  /** The question to choose one for, such as which one to scan; with the arguments that follow the name. */
  readonly choose?: { readonly command: string; readonly rest: readonly string[]; readonly all?: readonly string[] };
}

/** The clusters that are watched, or the question which of them is meant. */
export const template = defineTemplate<ClusterList>({
  name: 'clusters',
  summary: 'The clusters that are watched; also asks which one is meant when a command needs one.',
  samples: {
    list: {
      clusters: [
        { name: 'prod-eu', production: true, channel: 'C0SECPROD1', schedule: '0 7 * * *', timeZone: 'Europe/Paris', scannedAt: '2026-11-23T08:00:41.000Z', version: 'v1.34' },
        { name: 'dev-us', production: false, schedule: 'off', timeZone: 'UTC' },
      ],
    },
    choose: {
      clusters: [
        { name: 'prod-eu', production: true, schedule: '0 7 * * *', timeZone: 'UTC' },
        { name: 'dev-us', production: false, schedule: 'off', timeZone: 'UTC' },
      ],
      choose: { command: 'scan', rest: [], all: ['--all'] },
    },
  },
  render: ({ clusters, choose }) => {
    if (clusters.length === 0) return message('You may see no cluster.', [section(md`There is no cluster that you may see.`)]);
    const names = nameList(clusters.map(({ name }) => name));
    if (choose !== undefined) return question(names, clusters, choose);
    const shown = clusters.slice(0, CLUSTERS);
    return message(`${counted(clusters.length, 'cluster')}: ${names}.`, [
      section(md`*${ours(counted(clusters.length, 'cluster'))} watched*`),
      ...shown.map((cluster) => context(clusterText(cluster))),
      ...(clusters.length > shown.length ? [context(md`and ${clusters.length - shown.length} more`)] : []),
    ]);
  },
});

function question(names: string, clusters: readonly ClusterLine[], { command, rest, all }: NonNullable<ClusterList['choose']>): Message {
  const buttons = clusters.slice(0, BUTTONS).map(({ name }) => button(oneLine(name), { command, args: [name, ...rest] }, { label: `${command} ${name}` }));
  const more = clusters.length - buttons.length;
  return message(`Which cluster: ${names}?`, [
    section(md`Which cluster?`),
    actions(...buttons, ...(all === undefined ? [] : [button(`All ${clusters.length.toLocaleString('en-US')}`, { command, args: all }, { label: `${command} all clusters` })])),
    ...(more > 0 ? [context(md`and ${more} more: ${code(`/k8ssec ${command} <name>`)}`)] : []),
  ]);
}

function clusterText({ name, production, channel, schedule, timeZone, scannedAt, isPartial = false, version }: ClusterLine) {
  const scan = scannedAt === undefined ? md`not scanned yet` : md`Kubernetes ${ours(oneLine(version ?? 'of unknown version'))}, ${ours(isPartial ? 'scanned only in part' : 'last scan')} ${moment({ at: new Date(scannedAt) })}`;
  const where = channel === undefined ? md`` : md`, results in ${channelMention(channel)}`;
  const plan = schedule === 'off' ? md`no schedule` : md`schedule ${code(schedule)} (${ours(oneLine(timeZone))})${where}`;
  return joined([md`*${code(name)}*`, ...(production ? [md`production`] : []), scan, plan], ' · ');
}
