import { qualifiedName, SEVERITIES, type Severity } from '#src/model/finding.ts';
import type { EventFileRecord, EventRecord, EventSummary, DetectionRecord } from '../event-records.ts';
import type { EVENT_FORMATS } from '../flags.ts';
import { checkId, type UnreadableRecord } from '../records.ts';
import { encode } from '#src/model/encode.ts';
import { fitted, shortened } from './encode.ts';
import { printable } from '#src/model/printable.ts';
import type { Print } from './report.ts';
import type { Style } from './style.ts';
import { amount, number } from './words.ts';
import { indented } from './wrap.ts';

/** One way to print what was detected. Takes records as they come; `end` prints what had to wait. */
export interface EventReport {
  readonly add: (record: EventRecord) => Promise<void>;
  readonly end: () => Promise<void>;
}

export interface EventReportOptions {
  readonly listFiles: boolean;
  readonly style: Style;
  /** Characters in a line. */
  readonly width: number;
}

/** Longer messages are for programs. */
const LONGEST_MESSAGE = 2000;

export function eventReport(format: (typeof EVENT_FORMATS)[number], print: Print, options: EventReportOptions): EventReport {
  switch (format) {
    case 'jsonl':
      return linesReport(print, options);
    case 'json':
      return documentReport(print);
    case 'text':
      return textReport(print, options);
  }
}

function linesReport(print: Print, { listFiles }: EventReportOptions): EventReport {
  return {
    async add(record) {
      if (record.type !== 'file' || listFiles) await print(`${encode(fitted(record))}\n`);
    },
    end: () => Promise.resolve(),
  };
}

/** One document, with records of the same kind together. */
function documentReport(print: Print): EventReport {
  const records: EventRecord[] = [];
  const of = <T extends EventRecord['type']>(wanted: T) =>
    records.filter((record): record is Extract<EventRecord, { type: T }> => record.type === wanted).map(({ type: _, ...rest }) => rest);
  return {
    add(record) {
      records.push(fitted(record));
      return Promise.resolve();
    },
    async end() {
      const [summary] = of('summary');
      await print(`${encode({ detections: of('detection'), unreadable: of('unreadable'), files: of('file'), summary }, 2)}\n`);
    },
  };
}

/** For people: what was detected by severity, the sums of what is only counted, and what could not be read. */
function textReport(print: Print, options: EventReportOptions): EventReport {
  const told: DetectionRecord[] = [];
  const counted = new Map<string, number>();
  const unreadable: UnreadableRecord[] = [];
  const files: EventFileRecord[] = [];
  let summary: EventSummary | undefined;
  return {
    add(record) {
      if (record.type === 'unreadable') unreadable.push(record);
      else if (record.type === 'file') files.push(record);
      else if (record.type === 'summary') summary = record;
      else if (record.severity !== 'info') told.push(record);
      else counted.set(nameOf(record), (counted.get(nameOf(record)) ?? 0) + 1);
      return Promise.resolve();
    },
    async end() {
      for (const severity of SEVERITIES) await print(severitySection(severity, told.filter((record) => record.severity === severity), options));
      await print(section('Counted', [...counted].sort().map(([name, count]) => `${number(count)} × ${name}`), options));
      if (options.listFiles) await print(section('Files', files.map(({ file, events }) => printable(`${file}: ${amount(events, 'event')}`)), options));
      await print(section('Unreadable', unreadable.map(unreadableText), options));
      if (summary === undefined) return;
      await print(section('Undecided', summary.undecided.map(({ check, reason, count }) => printable(`${check}: ${amount(count, 'event')}, ${reason}`)), options));
      await print(`${options.style.bold(indented(sums(summary), options.width, '').trimEnd())}\n`);
    },
  };
}

function severitySection(severity: Severity, records: readonly DetectionRecord[], { style, width }: EventReportOptions): string {
  if (records.length === 0) return '';
  const title = style.severity(severity, `${severity.toUpperCase()} (${number(records.length)})`);
  const lines = records.map((record) => {
    const { time, object, file, index, message } = record;
    const about = object === null || object.name === '' ? [] : [`${object.kind} ${qualifiedName(object)}`];
    const where = [...(time === undefined ? [] : [time]), ...about, nameOf(record), `${file}, event ${index}`].map(printable).join('  ');
    return `${indented(printable(shortened(message, LONGEST_MESSAGE)), width, '  ')}    ${style.dim(where)}\n`;
  });
  return `${title}\n\n${lines.join('')}\n`;
}

/** Empty without entries. */
function section(title: string, entries: readonly string[], { style, width }: EventReportOptions): string {
  return entries.length === 0 ? '' : `${style.bold(title)}\n\n${entries.map((entry) => indented(entry, width, '  ')).join('')}\n`;
}

function nameOf({ detection, item }: DetectionRecord): string {
  return checkId({ check: detection, ...(item !== undefined && { item }) });
}

function unreadableText({ file, document, reason }: UnreadableRecord): string {
  return printable(`${file}${document === undefined ? '' : `, piece ${document}`}: ${reason}`);
}

function sums({ files, events, findings, checks, unreadable, lost }: EventSummary): string {
  if (events === 0) return `Nothing was judged: there was no event in ${amount(files, 'file')}.`;
  const units = new Set(checks.map((id) => id.split(':')[0])).size;
  const gaps = [...(unreadable === 0 ? [] : [`${amount(unreadable, 'piece')} could not be read`]), ...(lost === 0 ? [] : [`the source lost ${amount(lost, 'event')}`])];
  return `${findings === 0 ? 'Nothing detected' : `${number(findings)} detected`}. ${amount(units, 'detection')} judged ${amount(events, 'event')} in ${amount(files, 'file')}.${gaps.length === 0 ? '' : ` Not judged: ${gaps.join('; ')}.`}`;
}
