import type { KnownBlock } from '@slack/types';
import { actions, button, context, divider, header, homeMessage, section } from '#src/blocks/build.ts';
import { nothingOpen, severityCounts, total } from '#src/blocks/phrases.ts';
import { brief, code, counted, joined, md, moment, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { RequestShown } from '#src/model/request-shown.ts';
import { undoButton } from './parts/request-buttons.ts';
import { requestEntry, type RequestEntry } from './parts/request-entry.ts';
import { SAMPLE_REQUESTS } from './samples/request.ts';
import { SAMPLE_ENTRIES } from './samples/request-entries.ts';
import type { ClusterStatus } from './status.ts';

const CLUSTERS = 20;
/** More would push what else there is out of sight. */
const WAITING = 5;
const OWN_ACCESS = 5;

export interface HomeMessage {
  /** Clusters that this person may see; none without a role. */
  readonly clusters: readonly ClusterStatus[];
  /** Requests that wait for this person. */
  readonly waiting: readonly RequestEntry[];
  /** What this person asked for and has, for a time. */
  readonly access: readonly RequestShown[];
  /** Why nothing is shown. */
  readonly refusal?: string;
  readonly made: string;
}

/** The Home tab. */
export const template = defineTemplate<HomeMessage>({
  name: 'home',
  summary: 'The Home tab: what waits for the reader, what access they have, and the clusters with what is open in them.',
  samples: {
    two: {
      made: '2026-11-23T08:05:00.000Z',
      waiting: [],
      access: [],
      clusters: [
        { name: 'prod-eu', production: true, scannedAt: '2026-11-23T08:00:41.000Z', version: 'v1.34', open: { critical: 1, high: 1, medium: 6, low: 12, info: 0 }, checks: 74, missed: 2, hidden: 0 },
        { name: 'dev-us', production: false, checks: 0, missed: 0, hidden: 0 },
      ],
    },
    'something waits': { made: '2026-11-23T08:05:00.000Z', clusters: [], waiting: SAMPLE_ENTRIES.slice(0, 1), access: [SAMPLE_REQUESTS['access active']] },
    refused: { made: '2026-11-23T08:05:00.000Z', clusters: [], waiting: [], access: [], refusal: 'Guests have no role here.' },
  },
  render: ({ clusters, waiting, access, refusal, made }) => {
    const blocks: KnownBlock[] = [header('k8ssec'), section(md`Scans Kubernetes clusters and tells this workspace what is not safe.`)];
    if (refusal !== undefined) blocks.push(section(sentence(refusal)));
    if (waiting.length > 0) blocks.push(...waitingBlocks(waiting));
    if (access.length > 0) blocks.push(...accessBlocks(access));
    for (const cluster of clusters.slice(0, CLUSTERS)) {
      const scan = button('Scan now', { command: 'scan', args: [cluster.name] }, { label: `Scan ${cluster.name} now` });
      const findings = button('Findings', { command: 'findings', args: [cluster.name] }, { label: `Findings of ${cluster.name}` });
      blocks.push(divider(), section(clusterText(cluster)), actions(scan, ...(cluster.scannedAt === undefined ? [] : [findings])));
    }
    if (clusters.length > CLUSTERS) blocks.push(context(md`and ${ours(counted(clusters.length - CLUSTERS, 'more cluster'))}: ${code('/k8ssec clusters')}`));
    blocks.push(divider(), context(joined([md`Type ${code('/k8ssec help')} anywhere`, md`as of ${moment({ at: new Date(made) })}`], ' · ')));
    return homeMessage('k8ssec', blocks);
  },
});

function waitingBlocks(waiting: readonly RequestEntry[]): readonly KnownBlock[] {
  return [divider(), section(md`*Waiting for you (${waiting.length})*`), ...waiting.slice(0, WAITING).flatMap(requestEntry), ...moreBlock(waiting.length - WAITING)];
}

function accessBlocks(access: readonly RequestShown[]): readonly KnownBlock[] {
  return [divider(), section(md`*My access (${access.length})*`), ...access.slice(0, OWN_ACCESS).map((request) => section(accessText(request), undoButton(request))), ...moreBlock(access.length - OWN_ACCESS)];
}

function accessText({ card, endsAt }: RequestShown): Mrkdwn {
  return md`${sentence(brief(card.ask))}\n${endsAt === undefined ? md`without an end` : md`ends ${moment({ at: new Date(endsAt) })}`}`;
}

function moreBlock(more: number): readonly KnownBlock[] {
  return more > 0 ? [context(md`and ${more} more: ${code('/k8ssec approvals')}`)] : [];
}

function clusterText({ name, production, scannedAt, isPartial = false, open, missed }: ClusterStatus): Mrkdwn {
  const title = md`*${code(name)}*${production ? md` · production` : md``}`;
  if (scannedAt === undefined || open === undefined) return md`${title}\nnot scanned yet`;
  const counts = total(open) === 0 ? nothingOpen(missed) : `${severityCounts(open)} open`;
  const gap = missed > 0 ? md` · ${ours(counted(missed, 'check'))} not evaluated` : md``;
  return md`${title}\n${ours(counts)}${gap} · scanned ${ours(isPartial ? 'only in part ' : '')}${moment({ at: new Date(scannedAt) })}`;
}
