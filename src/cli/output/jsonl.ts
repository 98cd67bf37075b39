import { encode } from '#src/model/encode.ts';
import { fitted } from './encode.ts';
import type { Print, Report } from './report.ts';

/** One object per line, as it is found. */
export function jsonlReport(print: Print, { listFiles }: { readonly listFiles: boolean }): Report {
  return {
    async add(record) {
      if (record.type !== 'file' || listFiles) await print(`${encode(fitted(record))}\n`);
    },
    end: () => Promise.resolve(),
  };
}
