import { FALCO_PRIORITIES, type FalcoAlert, type FalcoConnection } from '#src/model/falco-alert.ts';
import { isObject, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { timeOf } from '../time.ts';

export type FalcoReading = { readonly event: FalcoAlert } | { readonly malformed: string };

/** Falco writes this where it knows nothing. */
export const UNKNOWN: ReadonlySet<string> = new Set(['', '<NA>', 'null']);
const WARNING = 'warning';
/** What Falco calls the container of a process that is in none. */
const NO_CONTAINER = 'host';

/** An alert as Falco's HTTP output and its JSON lines have it, and as Falcosidekick hands it on. */
export function parseFalco(value: unknown): FalcoReading {
  if (!isObject(value)) return { malformed: 'not an object' };
  const rule = textAt(value, 'rule');
  const output = textAt(value, 'output');
  if (rule === undefined || output === undefined) return { malformed: 'no alert of Falco' };
  const fields = isObject(value.output_fields) ? value.output_fields : {};
  const namespace = fieldOf(fields, 'k8s.ns.name');
  const name = fieldOf(fields, 'k8s.pod.name');
  const containerId = fieldOf(fields, 'container.id');
  return {
    event: {
      id: textAt(value, 'uuid'),
      timeMs: timeOf(textAt(value, 'time')),
      rule,
      priority: priorityOf(textAt(value, 'priority')),
      output,
      source: textAt(value, 'source'),
      tags: textsAt(value, 'tags'),
      hostname: textAt(value, 'hostname'),
      pod: namespace === undefined || name === undefined ? undefined : { namespace, name },
      containerId: containerId === NO_CONTAINER ? undefined : containerId,
      container: fieldOf(fields, 'container.name'),
      command: fieldOf(fields, 'proc.cmdline'),
      user: fieldOf(fields, 'user.name') ?? fieldOf(fields, 'ka.user.name'),
      connection: connectionOf(fields),
      fields,
    },
  };
}

/** An unknown priority is taken for a warning, so that it is not lost. */
function priorityOf(text: string | undefined): FalcoAlert['priority'] {
  const word = (text ?? '').toLowerCase();
  return FALCO_PRIORITIES.find((priority) => priority === word || (priority === 'informational' && word === 'info')) ?? WARNING;
}

/** Numbers come as numbers or as text, by version. */
function fieldOf(fields: RawObject, name: string): string | undefined {
  const value = fields[name];
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  return UNKNOWN.has(text) ? undefined : text;
}

/** `fd.name` says client and server; the fields for the ports of either side have been swapped in some versions, and are used only without it. */
function connectionOf(fields: RawObject): FalcoConnection | undefined {
  const protocol = fieldOf(fields, 'fd.l4proto');
  const attempt = attemptOf(fields);
  const call = fieldOf(fields, 'evt.type') ?? '';
  const [client, server] = (fieldOf(fields, 'fd.name') ?? '').split('->').map(endOf);
  if (client !== undefined && server !== undefined) {
    const isServer = fieldOf(fields, 'fd.lip') === server.address || call.startsWith('accept');
    return { local: isServer ? server : client, remote: isServer ? client : server, protocol, began: isServer ? 'remote' : 'local', attempt };
  }
  const serverAddress = fieldOf(fields, 'fd.sip');
  const address = fieldOf(fields, 'fd.rip') ?? serverAddress;
  const port = portOf(fieldOf(fields, 'fd.rport') ?? fieldOf(fields, 'fd.sport'));
  if (address === undefined || port === undefined) return undefined;
  const began = call.startsWith('accept') ? 'remote' : call === 'connect' || address === serverAddress ? 'local' : undefined;
  return { local: undefined, remote: { address, port }, protocol, began, attempt };
}

/** A socket that does not wait answers EINPROGRESS: then nobody knows yet whether it connects. */
function attemptOf(fields: RawObject): boolean | undefined {
  const result = fieldOf(fields, 'evt.res');
  return result === undefined ? undefined : result !== 'SUCCESS';
}

/** `10.0.0.7:4711`, or an address of IPv6 with the port after its last colon. */
function endOf(text: string): { readonly address: string; readonly port: number } | undefined {
  const colon = text.lastIndexOf(':');
  const port = portOf(text.slice(colon + 1));
  return colon <= 0 || port === undefined ? undefined : { address: text.slice(0, colon), port };
}

function portOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}
