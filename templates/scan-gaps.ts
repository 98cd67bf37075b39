import { bullets, line, message, richText, words } from '#src/blocks/build.ts';
import { brief, counted, oneLine } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { ScanSummary } from '#src/model/scan-record.ts';

const REASONS = 12;
const CHECKS = 4;

export interface ScanGaps {
  readonly cluster: string;
  readonly gaps: ScanSummary['gaps'];
}

/** What a scan could not look at, in its thread. */
export const template = defineTemplate<ScanGaps>({
  name: 'scan-gaps',
  summary: 'The checks that a scan could not evaluate and why, in its thread.',
  samples: {
    two: {
      cluster: 'prod-eu',
      gaps: [
        { reason: 'no permission to list serviceaccounts', checks: ['access/dangling-subject', 'access/token-automount'] },
        { reason: 'Secrets are not listed: the optional role is not bound', checks: ['access/legacy-service-account-token'] },
      ],
    },
  },
  render: ({ cluster, gaps }) => {
    const count = new Set(gaps.flatMap(({ checks }) => checks)).size;
    const lines = gaps.slice(0, REASONS).map(({ reason, checks }) => {
      const more = checks.length > CHECKS ? ` and ${(checks.length - CHECKS).toLocaleString('en-US')} more` : '';
      return line(words(brief(reason), { bold: true }), words(`: ${checks.slice(0, CHECKS).map(oneLine).join(', ')}${more}`));
    });
    const rest = gaps.length - lines.length;
    return message(`${counted(count, 'check')} not evaluated in ${oneLine(cluster)}.`, [
      richText(
        line(words(`Not evaluated: ${counted(count, 'check')}`, { bold: true })),
        bullets(lines),
        ...(rest > 0 ? [line(words(`and ${counted(rest, 'more reason', 'more reasons')}`))] : []),
      ),
    ]);
  },
});
