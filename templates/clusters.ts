import { actions, button, context, message, section } from '#src/blocks/build.ts';
import { channelMention, code, counted, joined, md, moment, oneLine, ours } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const CLUSTERS = 40;

export interface ClusterLine {
  readonly name: string;
  readonly production: boolean;
  readonly channel?: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly scannedAt?: string;
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
    const names = clusters.map(({ name }) => oneLine(name)).join(', ');
    if (choose !== undefined) {
      const buttons = clusters.slice(0, 20).map(({ name }) => button(oneLine(name), { command: choose.command, args: [name, ...choose.rest] }, { label: `${choose.command} ${name}` }));
      const all = choose.all === undefined ? [] : [button(`All ${clusters.length}`, { command: choose.command, args: choose.all }, { label: `${choose.command} all clusters` })];
      return message(`Which cluster: ${names}?`, [section(md`Which cluster?`), actions(...buttons, ...all)]);
    }
    const shown = clusters.slice(0, CLUSTERS);
    return message(`${counted(clusters.length, 'cluster')}: ${names}.`, [
      section(md`*${ours(counted(clusters.length, 'cluster'))} watched*`),
      ...shown.map((cluster) => context(clusterText(cluster))),
      ...(clusters.length > shown.length ? [context(md`and ${clusters.length - shown.length} more`)] : []),
    ]);
  },
});

function clusterText({ name, production, channel, schedule, timeZone, scannedAt, version }: ClusterLine) {
  const scan = scannedAt === undefined ? md`not scanned yet` : md`Kubernetes ${ours(version ?? 'of unknown version')}, scanned ${moment({ at: new Date(scannedAt) })}`;
  const plan = schedule === 'off' ? md`no schedule` : md`scanned at ${code(schedule)} ${ours(timeZone)}`;
  const where = channel === undefined ? md`` : md` in ${channelMention(channel)}`;
  return joined([md`*${code(name)}*`, ...(production ? [md`production`] : []), scan, md`${plan}${where}`], ' · ');
}
