import type { Person } from '#src/model/people.ts';
import { distinct } from './list.ts';
import { columnKey, misfit, type StaffCell, type StaffRow } from './staff-file.ts';

const EMAILS = ['email', 'emails', 'mail'];
const LOGINS = ['login', 'logins'];

const STATES: ReadonlyMap<string, Person['state']> = new Map([
  ['active', 'active'],
  ['onleave', 'suspended'],
  ['left', 'departed'],
]);

/** Everybody in the file, as of `now`. @throws {SourceFailed} */
export function accountsOf(rows: readonly StaffRow[], now: Date): readonly Person[] {
  const lineById = new Map<string, number>();
  return rows.map((row) => {
    const person = personOf(row, now);
    const other = lineById.get(person.id);
    if (other !== undefined) throw misfit(row.line, undefined, `is of the same person as line ${other}`);
    lineById.set(person.id, row.line);
    return person;
  });
}

function personOf(row: StaffRow, now: Date): Person {
  const emails = distinct(namesIn(row, EMAILS, /[\s;,|]+/));
  const logins = distinct(namesIn(row, LOGINS, /[;|\r\n]+/));
  const broken = cellIn(row, EMAILS);
  if (emails.some((email) => !/^[^@]+@[^@]+$/.test(email))) throw misfit(row.line, broken?.column, 'is no e-mail address');
  const id = textIn(row, ['id']) ?? emails[0]?.toLowerCase() ?? logins[0];
  if (id === undefined || emails.length + logins.length === 0) throw misfit(row.line, undefined, 'has neither an e-mail address nor a login');
  const manager = textIn(row, ['manager']);
  return { id, name: textIn(row, ['name']) ?? emails[0] ?? logins[0] ?? id, emails, logins, kind: 'person', ...stateOf(row, now), ...(manager !== undefined && { manager }) };
}

function stateOf(row: StaffRow, now: Date): Pick<Person, 'state' | 'evidence' | 'since'> {
  const end = endOf(row);
  const status = cellIn(row, ['status']);
  const text = status?.values.join(' ').trim() ?? 'active';
  const state = STATES.get(columnKey(text));
  if (state === undefined) throw misfit(row.line, status?.column, 'is none of active, on leave, left');
  const hasEnded = end !== undefined && Date.parse(end) <= now.getTime();
  if (state === 'departed' && end !== undefined && !hasEnded) throw misfit(row.line, status?.column, 'is left, and the end date is still to come');
  if (hasEnded) return { state: 'departed', evidence: `end date: ${end}`, since: `${end}T00:00:00.000Z` };
  return { state, evidence: `status: ${text}` };
}

function endOf(row: StaffRow): string | undefined {
  const text = textIn(row, ['enddate', 'end']);
  if (text === undefined) return undefined;
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // The 31st of November would be read as the first of December.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) throw misfit(row.line, cellIn(row, ['enddate', 'end'])?.column, 'is no day such as 2026-11-30');
  return text;
}

function cellIn({ cells }: StaffRow, keys: readonly string[]): StaffCell | undefined {
  return keys.map((key) => cells.get(key)).find((cell) => cell !== undefined);
}

/** One value, absent when blank. */
function textIn(row: StaffRow, keys: readonly string[]): string | undefined {
  const cell = cellIn(row, keys);
  if (cell !== undefined && cell.values.length > 1) throw misfit(row.line, cell.column, 'holds more than one value');
  const text = cell?.values[0]?.trim() ?? '';
  return text === '' ? undefined : text;
}

function namesIn(row: StaffRow, keys: readonly string[], separator: RegExp): readonly string[] {
  return keys.flatMap((key) => row.cells.get(key)?.values ?? []).flatMap((text) => text.split(separator));
}
