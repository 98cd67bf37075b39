import type { NewRow } from '#src/model/message-row.ts';

export function aNewRow(overrides: Partial<NewRow> = {}): NewRow {
  return { id: 'scan/a1', channel: 'C1', kind: 'message', template: 'notice', data: '{"text":"Hello."}', urgency: 'result', ...overrides };
}
