import { message, section } from '#src/blocks/build.ts';
import { scopeText, severityCounts, total } from '#src/blocks/phrases.ts';
import { code, joined, md, oneLine, ours, person, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import { SAMPLE_SCAN, SAMPLE_SUMMARY } from './samples/scan.ts';

export interface ScanEnded {
  /** Slack ids of those who wait for it. */
  readonly people: readonly string[];
  readonly scans: readonly ScanRecord[];
}

/** Tells those who asked, once; an edited message notifies nobody. */
export const template = defineTemplate<ScanEnded>({
  name: 'scan-ended',
  summary: 'Tells the people who asked for a scan, or joined it, that it has ended.',
  samples: {
    one: { people: ['U0ANN00001', 'U0CYR00001'], scans: [{ ...SAMPLE_SCAN, state: 'done', summary: SAMPLE_SUMMARY }] },
    several: {
      people: ['U0ANN00001'],
      scans: [
        { ...SAMPLE_SCAN, state: 'done', summary: SAMPLE_SUMMARY },
        { ...SAMPLE_SCAN, cluster: 'dev-eu', state: 'failed', failure: { reason: 'the API server did not answer', reference: '7f3a90' } },
      ],
    },
  },
  render: ({ people, scans }) => {
    const who = joined(people.map(person), ' ');
    const lines = scans.map((scan) => md`${code(scan.cluster)}${ours(scopeText(scan.scope))}: ${result(scan)}`);
    const text = scans.map((scan) => `${oneLine(scan.cluster)}: ${resultText(scan)}`).join('; ');
    const [only] = lines;
    const body = lines.length === 1 && only !== undefined ? md`${who} the scan of ${only}` : md`${who} the scans have ended:\n${joined(lines, '\n')}`;
    return message(`Scan of ${text}.`, [section(body)]);
  },
});

function result(scan: ScanRecord): Mrkdwn {
  return ours(resultText(scan));
}

function resultText({ state, summary, failure }: ScanRecord): string {
  if (state === 'canceled') return 'canceled';
  if (state === 'failed' || summary === undefined) return `failed, ${failure?.reason ?? 'its result is missing'}`;
  const open = total(summary.open) === 0 ? 'nothing open' : severityCounts(summary.open);
  return summary.gaps.length > 0 ? `done but incomplete, ${open}` : `done, ${open}`;
}
