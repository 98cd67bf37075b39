import { LogLevel, type Logger } from '@slack/bolt';
import { errorText, withoutSecrets } from '#src/model/error-text.ts';
import type { Log } from '#src/model/log.ts';

/**
 * The SDK's own lines, as far as they may be kept: its debug lines hold whole payloads and are dropped, and of the others only the
 * texts are taken.
 */
export function sdkLogger(log: Log): Logger {
  const text = (part: unknown) => (part instanceof Error ? errorText(part) : typeof part === 'string' ? withoutSecrets(part) : '');
  const texts = (parts: readonly unknown[]) => parts.map(text).join(' ').trim();
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.debug({ sdk: texts(parts) }, 'the Slack SDK warns'),
    error: (...parts) => log.warn({ sdk: texts(parts) }, 'the Slack SDK reports an error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
