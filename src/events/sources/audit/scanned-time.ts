import { timeOf } from '../time.ts';
import type { AuditScanner } from './scan.ts';
import { SLOT } from './scan-tables.ts';

const WHOLE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,9}Z$/;
/** `2026-08-21T09:14:`, and then `03.123456Z`. */
const MINUTE_LENGTH = 17;
const [POINT_AT, SHORTEST, LONGEST] = [19, 24, 30];
const [POINT, ZERO, LETTER_Z] = [0x2e, 0x30, 0x5a];
const MINUTE_MS = 60_000;

/** Reads when the chosen event came in, like `timeOf`. Most are of the minute of the one before. */
export class ScannedTime {
  private readonly scanner: AuditScanner;
  private readonly minute = new Uint8Array(MINUTE_LENGTH);
  private minuteMs = 0;

  constructor(scanner: AuditScanner) {
    this.scanner = scanner;
  }

  read(): number | undefined {
    const { scanner } = this;
    const start = scanner.start(SLOT.requestReceivedTimestamp);
    if (this.isOfMinute(start, scanner.end(SLOT.requestReceivedTimestamp))) {
      const { bytes } = scanner;
      const at = start + MINUTE_LENGTH;
      const ms = this.minuteMs + digit(bytes, at) * 10_000 + digit(bytes, at + 1) * 1000 + digit(bytes, at + 3) * 100 + digit(bytes, at + 4) * 10 + digit(bytes, at + 5);
      if (!Number.isNaN(ms)) return ms;
    }
    return this.readText(scanner.text(SLOT.requestReceivedTimestamp));
  }

  private readText(text: string): number | undefined {
    const ms = timeOf(text);
    if (ms !== undefined && ms >= 0 && WHOLE.test(text)) {
      this.minute.set(Buffer.from(text.slice(0, MINUTE_LENGTH)));
      this.minuteMs = ms - (ms % MINUTE_MS);
    }
    return ms;
  }

  /** And all behind the seconds is as expected. */
  private isOfMinute(start: number, end: number): boolean {
    const { bytes } = this.scanner;
    const length = end - start;
    if (length < SHORTEST || length > LONGEST || bytes[start + POINT_AT] !== POINT || bytes[end - 1] !== LETTER_Z) return false;
    for (let index = 0; index < MINUTE_LENGTH; index += 1) if (bytes[start + index] !== this.minute[index]) return false;
    for (let at = start + POINT_AT + 4; at < end - 1; at += 1) if (Number.isNaN(digit(bytes, at))) return false;
    return digit(bytes, start + MINUTE_LENGTH) < 6;
  }
}

/** NaN for what is none. */
function digit(bytes: Buffer, at: number): number {
  const value = (bytes[at] ?? 0) - ZERO;
  return value >= 0 && value <= 9 ? value : NaN;
}
