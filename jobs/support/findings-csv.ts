import type { TrackedFinding } from '#src/model/scan-record.ts';

const COLUMNS = ['severity', 'check', 'item', 'kind', 'namespace', 'name', 'container', 'path', 'message', 'state', 'first seen', 'id'] as const;

/** Findings as a spreadsheet opens them: RFC 4180, with cells that a spreadsheet would run as a formula made plain text. */
export function findingsCsv(findings: readonly TrackedFinding[]): string {
  const rows = findings.map(({ severity, check, item, object, container, path, message, state, firstSeen, fingerprint }) =>
    [severity, check, item, object.kind, object.namespace, object.name, container, path, message, state, firstSeen, fingerprint].map(cell).join(','),
  );
  return `${[COLUMNS.join(','), ...rows].join('\r\n')}\r\n`;
}

function cell(value: string | undefined = ''): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
