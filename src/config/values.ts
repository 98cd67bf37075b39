import { createTask, validate } from 'node-cron';

/** `off`, or a cron expression of five fields that is due some day. Six fields would mean seconds, which nothing here needs. */
export function isSchedule(text: string): boolean {
  if (text === 'off' || /^@(hourly|daily|weekly|monthly)$/.test(text)) return true;
  return text.trim().split(/\s+/).length === 5 && validate(text) && isEverDue(text);
}

/** The 31st of February is a valid expression. */
function isEverDue(expression: string): boolean {
  const task = createTask(expression, () => undefined, { timezone: 'UTC' });
  try {
    return task.getNextRuns(1).length === 1;
  } catch {
    return false;
  } finally {
    void task.destroy();
  }
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

/** Of a channel or a conversation between two, as Slack shows it at the end of the channel's details. */
export function isChannel(text: string): boolean {
  return /^[CGD][A-Z0-9]{2,}$/.test(text);
}

export function isWebAddress(text: string): boolean {
  return hasProtocol(text, ['http:', 'https:']);
}

/** Also the path of a Unix socket. */
export function isRedisAddress(text: string): boolean {
  return text.startsWith('/') || hasProtocol(text, ['redis:', 'rediss:']);
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  const address = URL.parse(text);
  return address !== null && protocols.includes(address.protocol) && address.hostname !== '';
}
