/** `2024-02-16 11:48:22.742154000`, as some exports write times; in UTC. */
const WITHOUT_ZONE = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?: UTC)?$/;

/** Milliseconds since 1970 of a time as logs write it; undefined for a text that is none. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, date, time] = text.endsWith('Z') ? [] : (WITHOUT_ZONE.exec(text) ?? []);
  const milliseconds = Date.parse(date === undefined || time === undefined ? text : `${date}T${time}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
