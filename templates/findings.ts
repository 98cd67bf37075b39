import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { findingLine } from '#src/blocks/phrases.ts';
import { counted, joined, md, moment, oneLine, ours, code } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { TrackedFinding } from '#src/model/scan-record.ts';
import { SAMPLE_FINDING, SAMPLE_ROLE_FINDING } from './samples/scan.ts';

export const PAGE = 15;

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
  readonly clusters: readonly { readonly name: string; readonly at?: string; readonly gaps: number }[];
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
      clusters: [{ name: 'prod-eu', at: '2026-11-23T08:00:41.000Z', gaps: 2 }],
    },
    none: { filter: 'open, severity critical', findings: [], count: 0, page: 1, clusters: [{ name: 'prod-eu', at: '2026-11-23T08:00:41.000Z', gaps: 0 }] },
    'never scanned': { filter: 'open', findings: [], count: 0, page: 1, clusters: [{ name: 'dev-us', gaps: 0 }] },
  },
  render: ({ filter, findings, count, page, next, clusters }) => {
    const unscanned = clusters.filter(({ at }) => at === undefined);
    const names = clusters.map(({ name }) => oneLine(name)).join(', ');
    const blocks: KnownBlock[] = [section(md`*${ours(counted(count, 'finding'))}* · ${ours(filter)}`)];
    if (findings.length > 0) {
      const several = clusters.length > 1;
      blocks.push(
        richText(
          bullets(
            findings.slice(0, PAGE).map((finding) => {
              const { type, elements } = findingLine(finding, finding.state === 'open' ? undefined : finding.state.toUpperCase());
              return several ? { type, elements: [words(`${oneLine(finding.cluster)}: `), ...elements] } : line(...elements);
            }),
          ),
        ),
      );
      const from = (page - 1) * PAGE + 1;
      blocks.push(context(md`${from} to ${from + Math.min(findings.length, PAGE) - 1} of ${count} · more about one: ${code('/k8ssec explain <id>')}`));
    }
    for (const [index, { name, at, gaps }] of clusters.slice(0, 5).entries()) {
      const missing = gaps > 0 ? md` · ${ours(counted(gaps, 'check'))} not evaluated, so more may be wrong` : md``;
      const seen = at === undefined ? md`has not been scanned yet: ${code(`/k8ssec scan ${name}`)}` : md`scanned ${moment({ at: new Date(at) })}${missing}`;
      blocks.push(context(joined([code(name), seen], ' ')));
      if (index === 4 && clusters.length > 5) blocks.push(context(md`and ${clusters.length - 5} more clusters`));
    }
    if (next !== undefined) blocks.push(actions(button('Next page', { command: 'findings', args: next })));
    const never = unscanned.length > 0 ? ` Not scanned yet: ${unscanned.map(({ name }) => oneLine(name)).join(', ')}.` : '';
    return message(`${counted(count, 'finding')} (${filter}) in ${names}.${never}`, blocks);
  },
});
