import type { ScanRecord } from '../records.ts';
import { encode } from '#src/model/encode.ts';
import { fitted } from './encode.ts';
import type { Print, Report } from './report.ts';

/** One document, with records of the same kind together. */
export function jsonReport(print: Print): Report {
  const records: ScanRecord[] = [];
  const of = <T extends ScanRecord['type']>(wanted: T) =>
    records.filter((record): record is Extract<ScanRecord, { type: T }> => record.type === wanted).map(({ type: _, ...rest }) => rest);
  return {
    add(record) {
      records.push(fitted(record));
      return Promise.resolve();
    },
    async end() {
      const clusters = of('cluster');
      const suppressed = of('suppressed');
      const [summary] = of('summary');
      await print(`${encode({ findings: of('finding'), ...(suppressed.length > 0 && { suppressed }), unreadable: of('unreadable'), files: of('file'), ...(clusters.length > 0 && { clusters }), summary }, 2)}\n`);
    },
  };
}
