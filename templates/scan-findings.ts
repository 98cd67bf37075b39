import { bullets, line, message, richText, words } from '#src/blocks/build.ts';
import { findingLine } from '#src/blocks/phrases.ts';
import { counted, oneLine } from '#src/blocks/text.ts';
import type { Severity } from '#src/model/finding.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { TrackedFinding } from '#src/model/scan-record.ts';
import { SAMPLE_FINDING } from './samples/scan.ts';

/** More lines than this are not read in a chat; the rest is in the file. */
export const LINES = 20;

export interface ScanFindings {
  readonly cluster: string;
  readonly severity: Severity;
  /** At most `LINES` of them are shown. */
  readonly findings: readonly TrackedFinding[];
  readonly fresh: readonly string[];
  readonly count: number;
  /** The whole list follows as a file. */
  readonly file: boolean;
}

/** The findings of one severity, in the thread of their scan. */
export const template = defineTemplate<ScanFindings>({
  name: 'scan-findings',
  summary: 'The open findings of one severity, in the thread of the scan that found them.',
  samples: {
    few: { cluster: 'prod-eu', severity: 'critical', findings: [SAMPLE_FINDING], fresh: [SAMPLE_FINDING.fingerprint], count: 1, file: false },
    many: { cluster: 'prod-eu', severity: 'low', findings: Array.from({ length: 21 }, () => ({ ...SAMPLE_FINDING, severity: 'low' as const })), fresh: [], count: 37, file: true },
  },
  render: ({ cluster, severity, findings, fresh, count, file }) => {
    const shown = findings.slice(0, LINES);
    const isNew = new Set(fresh);
    const rest = count - shown.length;
    const more = file ? ' in the file below' : ` with /k8ssec findings ${oneLine(cluster)} --severity ${severity}`;
    return message(`${counted(count, `${severity} finding`)} in ${oneLine(cluster)}.`, [
      richText(
        line(words(`${severity.toUpperCase()}: ${counted(count, 'finding')}`, { bold: true })),
        bullets(shown.map((finding) => findingLine(finding, { mark: isNew.has(finding.fingerprint) ? 'NEW' : undefined, withoutSeverity: true }))),
        ...(rest > 0 ? [line(words(`and ${rest.toLocaleString('en-US')} more${more}`))] : []),
      ),
    ]);
  },
});
