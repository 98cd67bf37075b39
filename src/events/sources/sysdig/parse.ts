import { FALCO_PRIORITIES } from '#src/model/falco-alert.ts';
import { integerAt, isObject, objectAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { parseFalco, UNKNOWN, type FalcoReading } from '../falco/parse.ts';

/** Labels of Sysdig, and what Falco calls the same. */
const LABELS = [['kubernetes.namespace.name', 'k8s.ns.name'], ['kubernetes.pod.name', 'k8s.pod.name'], ['container.name', 'container.name'], ['container.id', 'container.id']] as const;
/** From worst to mildest, as syslog has them. */
const MILDEST_SEVERITY = 7;
/** Times later than this are finer than milliseconds. */
const LATEST_MS = 1e14;

/** An event of Sysdig Secure as its event forwarding sends it, or the notification of its webhook channel, which says less. */
export function parseSysdig(value: unknown): FalcoReading {
  if (!isObject(value)) return { malformed: 'not an object' };
  const content = objectAt(value, 'content');
  const alert = objectAt(value, 'alert');
  if (content !== undefined) return parseFalco(forwarded(value, content));
  return alert === undefined ? { malformed: 'no event of Sysdig Secure' } : parseFalco(notified(value, alert));
}

function forwarded(value: RawObject, content: RawObject): RawObject {
  const labels = objectAt(value, 'labels') ?? {};
  const fields = objectAt(content, 'fields') ?? {};
  const known = LABELS.flatMap(([label, field]) => (textAt(labels, label) === undefined ? [] : [[field, labels[label]] as const]));
  const rule = textAt(content, 'ruleName') ?? textAt(fields, 'falco.rule') ?? textAt(value, 'name');
  const containerId = textAt(value, 'containerId');
  return {
    uuid: textAt(value, 'id'),
    rule,
    output: textAt(content, 'output') ?? textAt(value, 'description') ?? rule,
    priority: priorityOf(integerAt(value, 'severity')),
    time: timeTextOf(value.timestamp),
    source: textAt(value, 'source'),
    tags: textsAt(content, 'ruleTags'),
    hostname: textAt(labels, 'host.hostName'),
    // What the rule printed is nearer to what happened than the labels.
    output_fields: { ...(containerId !== undefined && { 'container.id': containerId }), ...Object.fromEntries(known), ...withoutUnknown(fields) },
  };
}

function notified(value: RawObject, alert: RawObject): RawObject {
  const rule = textAt(alert, 'name');
  return {
    uuid: textAt(value, 'event', 'id'),
    rule,
    output: [textAt(alert, 'body'), textAt(alert, 'description'), textAt(alert, 'subject'), rule].find((text) => text !== undefined && text !== ''),
    priority: priorityOf(integerAt(alert, 'severity')),
    time: timeTextOf(value.timestamp),
    source: textAt(value, 'source'),
  };
}

function priorityOf(severity: number | undefined): string | undefined {
  return severity === undefined ? undefined : FALCO_PRIORITIES[MILDEST_SEVERITY - severity];
}

/** Nanoseconds or microseconds since 1970, or a text. */
function timeTextOf(timestamp: unknown): string | undefined {
  if (typeof timestamp === 'string') return timestamp;
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp) || timestamp < 0) return undefined;
  let ms = timestamp;
  while (ms > LATEST_MS) ms /= 1000;
  return new Date(ms).toISOString();
}

function withoutUnknown(fields: RawObject): RawObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && !(typeof value === 'string' && UNKNOWN.has(value))));
}
