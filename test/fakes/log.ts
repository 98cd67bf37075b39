import type { Log } from '#src/model/log.ts';

export interface LogLine {
  readonly level: keyof Log;
  readonly text: string;
  readonly fields: object;
}

export interface KeptLog extends Log {
  readonly lines: readonly LogLine[];
  /** Texts of one level. */
  readonly texts: (level: keyof Log) => readonly string[];
}

/** Keeps what it is given. */
export function createKeptLog(): KeptLog {
  const lines: LogLine[] = [];
  const keep = (level: keyof Log) => (fields: object, text: string) => void lines.push({ level, text, fields });
  return {
    lines,
    texts: (level) => lines.filter((line) => line.level === level).map(({ text }) => text),
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}
