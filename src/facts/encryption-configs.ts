import { defineFacts, type Subject } from '#src/model/check.ts';
import { isObject, listAt, objectsAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';

/** How a file tells an API server to write Secrets. */
export interface EncryptionConfig {
  readonly subject: Subject;
  /** Name of the first provider, which writes; undefined when no entry is about Secrets, or has one. */
  readonly writer: string | undefined;
  /** From the root of the file to the writer, else to the entries. */
  readonly path: readonly Step[];
}

/** The first entry that covers a resource decides; `*.` is the core group and `*.*` everything. */
const COVERS_SECRETS: ReadonlySet<string> = new Set(['secrets', '*.', '*.*']);

/** The files that say how API servers encrypt what they store. Their keys are not kept. */
export const encryptionConfigs = defineFacts({
  name: 'encryption-configs',
  reads: ['EncryptionConfiguration'],
  keeps: 'the name of the provider that writes Secrets',
  start: (): EncryptionConfig[] => [],
  add(state, object, subject) {
    state.push({ subject, ...writerOf(object) });
  },
});

function writerOf(object: RawObject): Pick<EncryptionConfig, 'writer' | 'path'> {
  const entry = objectsAt(object, 'resources').find(([, { resources }]) => textsAt({ resources }, 'resources').some((name) => COVERS_SECRETS.has(name)));
  if (entry === undefined) return { writer: undefined, path: ['resources'] };
  const [index, resources] = entry;
  const first = listAt(resources, 'providers')[0];
  const writer = isObject(first) ? Object.keys(first)[0] : undefined;
  return { writer, path: ['resources', index, 'providers', ...(writer === undefined ? [] : [0, writer])] };
}
