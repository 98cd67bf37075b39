import { defineFacts, type Subject } from '#src/model/check.ts';
import { booleanAt, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';

/** What the configuration files of API servers say, where they are in the input. */
export interface ApiServerFiles {
  readonly admission: readonly { readonly subject: Subject; readonly plugins: readonly string[] }[];
  readonly authentication: readonly { readonly anonymous: AnonymousAccess }[];
}

/** `health` is for the paths that tell whether the server is up, and nothing else. */
export type AnonymousAccess = 'on' | 'off' | 'health';

const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

export const apiServerFiles = defineFacts({
  name: 'api-server-files',
  reads: ['AdmissionConfiguration', 'AuthenticationConfiguration'],
  keeps: 'the names of admission plugins, and whether requests without credentials are taken',
  start: () => ({ admission: [] as { subject: Subject; plugins: string[] }[], authentication: [] as { anonymous: AnonymousAccess }[] }),
  add(state, object, subject) {
    if (subject.ref.kind === 'AdmissionConfiguration') state.admission.push({ subject, plugins: objectsAt(object, 'plugins').map(([, plugin]) => textAt(plugin, 'name') ?? '') });
    else state.authentication.push({ anonymous: anonymousAccess(object) });
  },
  finish: (state): ApiServerFiles => state,
});

function anonymousAccess(object: RawObject): AnonymousAccess {
  const anonymous = objectAt(object, 'anonymous');
  if (anonymous === undefined) return 'on';
  if (booleanAt(anonymous, 'enabled') !== true) return 'off';
  const paths = objectsAt(anonymous, 'conditions').map(([, condition]) => textAt(condition, 'path') ?? '');
  return paths.length > 0 && paths.every((path) => HEALTH_PATHS.has(path)) ? 'health' : 'on';
}
