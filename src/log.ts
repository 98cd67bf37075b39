import { pino, type DestinationStream } from 'pino';
import { errorPlaces, errorText } from '#src/model/error-text.ts';
import type { Log } from '#src/model/log.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

const CAUSES = 3;
const PLACES = 7;

/** One JSON object a line. Of an error only its text and where it was thrown are kept, never what it carries. */
export function createLog(level: Level, destination?: DestinationStream): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) }, serializers: { error: describeError } };
  const logger = destination === undefined ? pino(options) : pino(options, destination);
  return {
    debug: (fields, text) => logger.debug(fields, text),
    info: (fields, text) => logger.info(fields, text),
    warn: (fields, text) => logger.warn(fields, text),
    error: (fields, text) => logger.error(fields, text),
  };
}

/** Errors of SDKs hold whole requests and answers, tokens included, so their fields are left out. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error;
  return {
    name: error.name,
    message: errorText(error),
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...(depth === 0 && { at: errorPlaces(error).slice(0, PLACES) }),
    ...(error.cause !== undefined && depth < CAUSES && { cause: describeError(error.cause, depth + 1) }),
  };
}
