import { extname } from 'node:path';
import { z } from 'zod';
import { definePeopleSource } from '#src/model/people.ts';
import { wholeList } from './support/list.ts';
import { readStaffFile } from './support/staff-file.ts';
import { csvRows } from './support/staff-csv.ts';
import { accountsOf } from './support/staff-rows.ts';
import { yamlRows } from './support/staff-yaml.ts';

const FORMATS: Readonly<Record<string, 'csv' | 'yaml'>> = { '.csv': 'csv', '.yaml': 'yaml', '.yml': 'yaml' };

export const source = definePeopleSource({
  name: 'file',
  title: 'Staff file',
  authority: 'staff-file',
  rights: 'to read the file',
  notes: [
    'Columns: name, email or emails, logins, status, end date, manager, id. Case, blanks, `-` and `_` in their names do not matter; others are not read. A person needs an address or a login.',
    'Several addresses or logins stand in one cell with `;` between them, in YAML also in a list.',
    'Status is active, on leave or left; without the column, everybody is active.',
    'The end date, as 2026-11-30 in UTC, is the first day on which the person does not belong any more; from then on they have departed, whatever the status says.',
    'Who is missing from the file has departed, too.',
    'One row that cannot be understood and the whole file is not used; the message names line and column.',
  ],
  settings: z.strictObject({
    path: z.string().min(1).refine((path) => extname(path).toLowerCase() in FORMATS, 'must end with .csv, .yaml or .yml'),
  }),
  example: { path: '/etc/k8ssec/staff.csv' },
  create: ({ path }, name, { clock }) => {
    const list = async (signal: AbortSignal) => {
      const { text, writtenAt } = await readStaffFile(path, signal);
      const rows = FORMATS[extname(path).toLowerCase()] === 'csv' ? csvRows(text) : yamlRows(text);
      return { ...wholeList('The staff file', accountsOf(rows, clock.now()), false), writtenAt };
    };
    return { name, type: 'file', authority: 'staff-file', list, find: async (id, signal) => (await list(signal)).people.find((person) => person.id === id) };
  },
});
