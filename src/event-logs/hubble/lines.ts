import { integerAt, isObject, textAt, type RawObject } from '#src/model/raw.ts';

/** An answer of Hubble as its exporter writes it: one line of JSON. */
export function lineOf(response: object): string {
  return JSON.stringify(response, (key, value: unknown) => {
    if (!isObject(value)) return value;
    if (key === 'time') return isoOf(value);
    // What is false is not on the wire: an empty message says so.
    return key === 'is_reply' ? value.value === true : value;
  });
}

/** When an answer was made, in milliseconds since 1970; undefined for one about Hubble itself. */
export function timeOf(response: object): number | undefined {
  const time = isObject(response) && isObject(response.time) ? isoOf(response.time) : undefined;
  return time === undefined ? undefined : Date.parse(time);
}

/** Nanoseconds are kept. */
function isoOf(time: RawObject): string | undefined {
  const seconds = Number(textAt(time, 'seconds') ?? '0');
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return undefined;
  return `${moment.toISOString().slice(0, 19)}.${String(integerAt(time, 'nanos') ?? 0).padStart(9, '0')}Z`;
}
