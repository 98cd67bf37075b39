import { message, section } from '#src/blocks/build.ts';
import { nothingOpen, scopeText, severityCounts, total } from '#src/blocks/phrases.ts';
import { brief, code, counted, joined, md, oneLine, ours, person, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import { SAMPLE_SCAN, SAMPLE_SUMMARY } from './samples/scan.ts';

const PEOPLE = 20;
const SCANS = 15;

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
    const who = joined(people.slice(0, PEOPLE).map(person), ' ');
    const shown = scans.slice(0, SCANS);
    const [only] = shown;
    if (only !== undefined && scans.length === 1) {
      return message(`Scan of ${subject(only)} ${resultText(only)}.`, [section(md`${who} the scan of ${code(only.cluster)}${ours(scopeText(only.scope))} ${sentence(resultText(only))}.`)]);
    }
    const more = scans.length > shown.length ? [md`and ${scans.length - shown.length} more`] : [];
    const lines = [...shown.map((scan) => md`• ${code(scan.cluster)}${ours(scopeText(scan.scope))} ${sentence(resultText(scan))}`), ...more];
    return message(`${counted(scans.length, 'scan')} ended: ${shown.map((scan) => `${subject(scan)} ${resultText(scan)}`).join('; ')}.`, [section(md`${who} the scans have ended:\n${joined(lines, '\n')}`)]);
  },
});

function subject({ cluster, scope }: ScanRecord): string {
  return `${oneLine(cluster)}${scopeText(scope)}`;
}

function resultText({ state, summary, failure }: ScanRecord): string {
  if (state === 'canceled') return 'was canceled';
  if (state === 'failed' || summary === undefined) return `failed: ${brief(failure?.reason ?? 'its result is missing')}`;
  const open = total(summary.open) === 0 ? nothingOpen(summary.gaps.length) : severityCounts(summary.open);
  return summary.gaps.length > 0 ? `is done but incomplete: ${open}` : `is done: ${open}`;
}
