import { validate } from 'node-cron';

/** `off`, or a cron expression of five fields. Six fields would mean seconds, which nothing here needs. */
export function isSchedule(text: string): boolean {
  return text === 'off' || (text.trim().split(/\s+/).length === 5 && validate(text)) || /^@(hourly|daily|weekly|monthly)$/.test(text);
}

/** A zone that this machine's time zone data knows. */
export function isZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
