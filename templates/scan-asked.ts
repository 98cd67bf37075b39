import { actions, button, message, section } from '#src/blocks/build.ts';
import { scopeText } from '#src/blocks/phrases.ts';
import { channelMention, code, counted, durationText, md, moment, oneLine, ours, person, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import { SAMPLE_SCAN } from './samples/scan.ts';

const SCANS = 20;

export interface ScanAsked {
  /** Where the question was asked: a channel, or the person where it was none. */
  readonly here: string;
  readonly scans: readonly {
    readonly scan: ScanRecord;
    /** From 1; absent when a scan under way was joined. */
    readonly place?: number;
    readonly usualMs?: number;
    /** The scan that was joined looks at less than was asked for. */
    readonly isNarrower?: boolean;
  }[];
}

/** The first answer to a person who asked for a scan. */
export const template = defineTemplate<ScanAsked>({
  name: 'scan-asked',
  summary: 'The private answer to whoever asked for a scan: queued, or joined to one under way.',
  samples: {
    queued: { here: 'C0SECPROD1', scans: [{ scan: SAMPLE_SCAN, place: 1, usualMs: 40_000 }] },
    'queued from the Home tab': { here: 'U0ANN00001', scans: [{ scan: { ...SAMPLE_SCAN, channel: 'U0ANN00001' }, place: 1 }] },
    joined: { here: 'C0SECPROD1', scans: [{ scan: { ...SAMPLE_SCAN, state: 'running', startedAt: '2026-11-23T07:59:00.000Z', asker: { person: 'U0CYR00001', name: 'Cy' } } }] },
    'joined a narrower one': { here: 'C0SECPROD1', scans: [{ scan: { ...SAMPLE_SCAN, scope: { namespace: 'shop' }, state: 'running', startedAt: '2026-11-23T07:59:00.000Z' }, isNarrower: true }] },
    several: { here: 'C0SECPROD1', scans: [{ scan: SAMPLE_SCAN, place: 1 }, { scan: { ...SAMPLE_SCAN, id: 'b2', cluster: 'dev-eu' }, place: 2 }] },
  },
  render: ({ scans, here }) => {
    const [first] = scans;
    if (first !== undefined && scans.length === 1) return one(first, here);
    const lines = scans.slice(0, SCANS).map(({ scan, place, isNarrower = false }) => `${oneLine(scan.cluster)} ${place === undefined ? `is already being scanned${isNarrower ? ', less than you asked for' : ''}` : 'queued'}`);
    const more = scans.length > lines.length ? [`${(scans.length - lines.length).toLocaleString('en-US')} more`] : [];
    const list = [...lines, ...more].join(', ');
    return message(`${counted(scans.length, 'scan')}: ${list}.`, [section(md`*${ours(counted(scans.length, 'scan'))}:* ${ours(list)}. You will be told when all have ended.`)]);
  },
});

function one({ scan, place, usualMs, isNarrower = false }: ScanAsked['scans'][number], here: string) {
  const name = md`*${code(scan.cluster)}*${ours(scopeText(scan.scope))}`;
  if (place === undefined) {
    return message(`A scan of ${oneLine(scan.cluster)} is already ${scan.state}; you will be told when it ends.`, [
      section(md`A scan of ${name} is already ${ours(scan.state)} (asked ${moment({ at: new Date(scan.queuedAt) })} ${startedBy(scan)}) ${where(scan, here)}; you will be told when it ends.${isNarrower ? md` *It looks at less than you asked for*: ask again when it has ended.` : md``}`),
    ]);
  }
  const usually = usualMs === undefined ? md`` : md`, usually ${ours(durationText(usualMs))}`;
  return message(`Scan of ${oneLine(scan.cluster)} queued.`, [
    section(md`Scan of ${name} queued (place ${place}${usually}). The result comes ${where(scan, here)}.`),
    actions(button('Cancel scan', { command: 'cancel', args: [scan.id] }, { label: `Cancel the scan of ${scan.cluster}` })),
  ]);
}

function where({ channel }: ScanRecord, here: string): Mrkdwn {
  if (channel === undefined) return md`without a message of its own`;
  if (/^[CG]/.test(channel)) return md`in ${channelMention(channel)}`;
  if (channel !== here) return md`in a direct message`;
  return /^[UW]/.test(here) ? md`in a direct message to you` : md`in this conversation`;
}

function startedBy({ asker }: ScanRecord): Mrkdwn {
  return 'person' in asker ? md`by ${person(asker.person)}` : md`by the schedule ${code(asker.schedule)}`;
}
