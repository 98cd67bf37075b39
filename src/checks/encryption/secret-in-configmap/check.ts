import { defineObjectCheck } from '#src/model/check.ts';
import { configMapExposures, type Exposure } from '#src/model/config-map-secrets.ts';
import { kubernetes, mitre, nsa } from '#src/model/references.ts';

const NAMED = 8;

/** Reports each ConfigMap that holds credentials or personal data, by their names. The values are never printed. */
export const check = defineObjectCheck({
  id: 'encryption/secret-in-configmap',
  title: 'ConfigMaps hold no credentials and no personal data',
  severity: 'high',
  tips: [1],
  items: {
    secret: { title: 'ConfigMaps hold no credentials' },
    'personal-data': { title: 'ConfigMaps hold no personal data', severity: 'low' },
  },
  why: 'ConfigMaps are not encrypted at rest, many roles may read them, and tools print them freely.',
  fix: 'Move the value into a Secret or an external store, and rotate it: it has been seen.',
  sources: [nsa('Network separation and hardening: Secrets'), mitre('T1552.007'), kubernetes('ConfigMaps', 'concepts/configuration/configmap/')],
  kinds: ['ConfigMap'],
  *judge(object) {
    const { secrets, personal } = configMapExposures(object);
    const [secret] = secrets;
    const [datum] = personal;
    if (secret !== undefined) yield { item: 'secret', path: secret.path, message: `It holds credentials: ${listed(secrets.map(({ name, what }) => `${name} (${what})`))}` };
    if (datum !== undefined) yield { item: 'personal-data', path: datum.path, message: `It seems to hold personal data: ${listed(personal.map(nameOf))}` };
  },
});

function nameOf({ name }: Exposure): string {
  return name;
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, NAMED).join(', ');
  return texts.length > NAMED ? `${shown} and ${texts.length - NAMED} more` : shown;
}
