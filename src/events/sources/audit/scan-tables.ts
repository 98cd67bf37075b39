/** Parts of an event that are looked at. The number is the bit by which a record says that it has the part. */
export const SLOT = {
  auditID: 0, stage: 1, requestURI: 2, verb: 3, username: 4, groups: 5, sourceIPs: 6, resource: 7, subresource: 8, namespace: 9, apiGroup: 10, apiVersion: 11,
  code: 12, requestReceivedTimestamp: 13, reason: 14, requestObject: 15, userAgent: 16,
} as const;
export type Slot = (typeof SLOT)[keyof typeof SLOT];

/** Slots that are hashed together, in this order. */
export const HASHED = {
  /** What `identityOf` puts together. */
  identity: [SLOT.auditID, SLOT.requestReceivedTimestamp, SLOT.verb, SLOT.username, SLOT.requestURI],
  who: [SLOT.username, SLOT.groups, SLOT.sourceIPs, SLOT.reason],
  what: [SLOT.stage, SLOT.verb, SLOT.resource, SLOT.subresource, SLOT.namespace, SLOT.apiGroup, SLOT.apiVersion],
  /** Apart from who: some clients say something else each time. */
  agent: [SLOT.userAgent],
} as const;
export type Hashed = keyof typeof HASHED;

/** What to do with the value of a field: walk over it, refuse all of the object, note where a text or any value stands, or look into it. */
type Field = 'skip' | 'refuse' | 'events' | { readonly text: Slot } | { readonly value: Slot } | { readonly bit: number; readonly fields: Table };

/** Fields in the order in which an API server writes them. Others are walked over. */
type Table = Readonly<Record<string, Field>>;

const USER: Table = { username: { text: SLOT.username }, uid: 'skip', groups: { value: SLOT.groups }, extra: 'skip' };
const REFERENCE: Table = {
  resource: { value: SLOT.resource },
  namespace: { value: SLOT.namespace },
  name: 'skip',
  uid: 'skip',
  apiGroup: { value: SLOT.apiGroup },
  apiVersion: { value: SLOT.apiVersion },
  resourceVersion: 'skip',
  subresource: { value: SLOT.subresource },
};
const EVENT: Table = {
  kind: 'skip',
  apiVersion: 'skip',
  level: 'skip',
  auditID: { text: SLOT.auditID },
  stage: { text: SLOT.stage },
  requestURI: { text: SLOT.requestURI },
  verb: { text: SLOT.verb },
  user: { bit: 18, fields: USER },
  impersonatedUser: 'refuse',
  sourceIPs: { value: SLOT.sourceIPs },
  userAgent: { value: SLOT.userAgent },
  objectRef: { bit: 19, fields: REFERENCE },
  responseStatus: { bit: 20, fields: { metadata: 'skip', code: { value: SLOT.code } } },
  requestObject: { value: SLOT.requestObject },
  responseObject: 'skip',
  requestReceivedTimestamp: { text: SLOT.requestReceivedTimestamp },
  stageTimestamp: 'skip',
  annotations: { bit: 21, fields: { 'authorization.k8s.io/decision': 'skip', 'authorization.k8s.io/reason': { value: SLOT.reason } } },
};
/** What may make something else of a list than a list is refused. The kind stands before. */
const LIST: Table = { kind: 'refuse', apiVersion: 'skip', metadata: 'skip', items: 'events', verb: 'refuse', protoPayload: 'refuse' };

/** As scan-events.wat has them. */
const [SKIP, TEXT, VALUE, OBJECT, EVENTS, REFUSE] = [0, 1, 2, 3, 4, 5];
const [ENTRY_BYTES, NAME_BYTES] = [80, 32];

/** Where things stand in the memory of the scanner. */
export interface Tables {
  readonly list: number;
  /** The slots of each hash, one in a byte. */
  readonly hashed: Readonly<Record<Hashed, number>>;
}

/** Writes everything from `start` on. The table of an event is the first. */
export function writeTables(memory: Buffer, start: number): Tables {
  let free = start;

  function write(table: Table): number {
    const entries = Object.entries(table);
    const at = free;
    free += (entries.length + 1) * ENTRY_BYTES;
    for (const [index, [name, field]] of entries.entries()) {
      const entry = at + index * ENTRY_BYTES;
      const length = memory.write(`${name}"`, entry);
      memory.fill(0xff, entry + NAME_BYTES, entry + NAME_BYTES + length);
      for (const [word, value] of [length, ...wordsOf(field, write)].entries()) memory.writeInt32LE(value, entry + 2 * NAME_BYTES + 4 * word);
    }
    // Behind the last one stands a name that no field has.
    memory[at + entries.length * ENTRY_BYTES + NAME_BYTES] = 0xff;
    return at;
  }

  write(EVENT);
  const list = write(LIST);
  const place = (which: Hashed): number => {
    const at = free;
    free += Buffer.from(HASHED[which]).copy(memory, at);
    return at;
  };
  return { list, hashed: { identity: place('identity'), who: place('who'), what: place('what'), agent: place('agent') } };
}

/** Kind, slot and table of an entry. */
function wordsOf(field: Field, write: (table: Table) => number): readonly number[] {
  if (field === 'skip') return [SKIP];
  if (field === 'refuse') return [REFUSE];
  if (field === 'events') return [EVENTS];
  if ('text' in field) return [TEXT, field.text];
  if ('value' in field) return [VALUE, field.value];
  return [OBJECT, field.bit, write(field.fields)];
}
