import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, context, message, richText, section } from '#src/blocks/build.ts';
import { findingLine, nameList } from '#src/blocks/phrases.ts';
import { brief, code, counted, md, moment, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { FindingState, TrackedFinding } from '#src/model/scan-record.ts';
import { SAMPLE_FINDING, SAMPLE_ROLE_FINDING } from './samples/scan.ts';

export const PAGE = 15;
const CLUSTERS = 5;
const MARKS: Readonly<Record<FindingState, string | undefined>> = { open: undefined, fixed: 'FIXED', 'not-visible': 'NOT VISIBLE' };

export interface FindingsList {
  /** What was asked for, in words: `open, severity critical`. */
  readonly filter: string;
  /** The findings of this page, worst first. */
  readonly findings: readonly (TrackedFinding & { readonly cluster: string })[];
  readonly count: number;
  /** From 1. */
  readonly page: number;
  /** Arguments of the same command for the next page. */
  readonly next?: readonly string[];
  /** Clusters looked at, with when they were last scanned; never scanned ones say so. */
  readonly clusters: readonly { readonly name: string; readonly scannedAt?: string; readonly isPartial?: boolean; readonly gaps: number }[];
}

/** A page of findings. */
export const template = defineTemplate<FindingsList>({
  name: 'findings',
  summary: 'The findings that match a filter, a page at a time.',
  samples: {
    some: {
      filter: 'open',
      findings: [{ ...SAMPLE_FINDING, cluster: 'prod-eu' }, { ...SAMPLE_ROLE_FINDING, cluster: 'prod-eu' }],
      count: 20,
      page: 1,
      next: ['prod-eu', '--page', '2'],
      clusters: [{ name: 'prod-eu', scannedAt: '2026-11-23T08:00:41.000Z', gaps: 2 }],
    },
    none: { filter: 'open, severity critical', findings: [], count: 0, page: 1, clusters: [{ name: 'prod-eu', scannedAt: '2026-11-23T08:00:41.000Z', gaps: 0 }] },
    'never scanned': { filter: 'open', findings: [], count: 0, page: 1, clusters: [{ name: 'dev-us', gaps: 0 }] },
  },
  render: ({ filter, findings, count, page, next, clusters }) => {
    const unscanned = clusters.filter(({ scannedAt }) => scannedAt === undefined).map(({ name }) => name);
    const isUnknown = count === 0 && unscanned.length === clusters.length;
    const found = count > 0 ? counted(count, 'finding') : isUnknown ? 'Nothing is known yet' : 'No findings';
    const blocks: KnownBlock[] = [section(md`*${ours(found)}* · ${sentence(brief(filter))}`)];
    const shown = findings.slice(0, PAGE);
    if (shown.length > 0) {
      const options = (finding: FindingsList['findings'][number]) => ({ mark: MARKS[finding.state], cluster: clusters.length > 1 ? finding.cluster : undefined });
      blocks.push(richText(bullets(shown.map((finding) => findingLine(finding, options(finding))))));
      const from = (page - 1) * PAGE + 1;
      blocks.push(context(md`${from} to ${from + shown.length - 1} of ${count} · more about one: ${code('/k8ssec explain <id>')}`));
    } else if (count > 0) {
      blocks.push(context(md`There is no page ${page}: the last one is ${Math.ceil(count / PAGE)}.`));
    }
    blocks.push(...clusters.slice(0, CLUSTERS).map((cluster) => context(lastScan(cluster))));
    if (clusters.length > CLUSTERS) blocks.push(context(md`and ${ours(counted(clusters.length - CLUSTERS, 'more cluster'))}`));
    if (next !== undefined) blocks.push(actions(button('Next page', { command: 'findings', args: next })));
    const never = unscanned.length > 0 ? ` Not scanned yet: ${nameList(unscanned)}.` : '';
    const where = isUnknown ? '' : ` (${brief(filter)}) in ${nameList(clusters.map(({ name }) => name))}`;
    return message(`${found}${where}.${never}`, blocks);
  },
});

function lastScan({ name, scannedAt, isPartial = false, gaps }: FindingsList['clusters'][number]): Mrkdwn {
  if (scannedAt === undefined) return md`${code(name)} has not been scanned yet: ${code(`/k8ssec scan ${name}`)}`;
  const missing = gaps > 0 ? md` · ${ours(counted(gaps, 'check'))} not evaluated, so more may be wrong` : md``;
  return md`${code(name)} scanned ${ours(isPartial ? 'only in part ' : '')}${moment({ at: new Date(scannedAt) })}${missing}`;
}
