import { encode } from '#src/model/encode.ts';
import type { FrameworkReport } from '#src/model/frameworks/report.ts';

export const FILE_FORMATS = ['pdf', 'html', 'json'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** The reports as the content of a file. What makes it is loaded only when it is needed. */
export async function reportFile(reports: readonly FrameworkReport[], format: FileFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'pdf':
      return (await import('./pdf.ts')).reportPdf(reports);
    case 'html':
      return (await import('./html.ts')).reportHtml(reports);
    case 'json':
      return `${encode({ reports }, 2)}\n`;
  }
}
