import type { Catalog } from '../catalog.ts';
import { answer, plainText, type Answer, type Call } from './call.ts';
import { isTrue } from './request-info.ts';

const CHECKS: readonly string[] = ['ping', 'log', 'etcd'];
const HEALTH = /^\/(healthz|livez|readyz)(?:\/([\w-]+))?$/;

/** Version, health and the list of paths; undefined for other paths. */
export function showHealth({ info, query }: Call, catalog: Catalog): Answer | undefined {
  if (info.path === '/version' || info.path === '/version/') return answer(catalog.version);
  if (info.path === '/' || info.path === '') return answer({ paths: pathsOf(catalog) });
  const [, kind, check] = HEALTH.exec(info.path) ?? [];
  if (kind === undefined) return undefined;
  if (check !== undefined) return CHECKS.includes(check) ? plainText('ok') : undefined;
  if (!isTrue(query.get('verbose'))) return plainText('ok');
  return plainText(`${CHECKS.map((name) => `[+]${name} ok`).join('\n')}\n${kind} check passed\n`);
}

function pathsOf(catalog: Catalog): readonly string[] {
  const groups = catalog.groups().flatMap(({ name, versions }) => [`/apis/${name}`, ...versions.map(({ groupVersion }) => `/apis/${groupVersion}`)]);
  const health = ['healthz', 'livez', 'readyz'].flatMap((kind) => [`/${kind}`, ...CHECKS.map((check) => `/${kind}/${check}`)]);
  return ['/api', '/api/v1', '/apis', '/apis/', ...groups, ...health, '/openapi/v3', '/openapi/v3/', '/version'].sort();
}
