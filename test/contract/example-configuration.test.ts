import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { KNOWN_UNITS } from '#src/app/known-units.ts';
import { fileShape } from '#src/config/file.ts';
import { loadConfig } from '#src/config/load.ts';
import { isObject } from '#src/model/raw.ts';

const PATH = 'docs/k8ssec.example.yaml';
/** Where any name is a key. */
const FREE = /^(people\.aliases|approvals\.kinds|connections\.groups)\.[^.]+/;
/** Grants look alike in every role. */
const GRANT = /^roles\.\w+\./;
/** Feeds come in the same ways. */
const WAY = /^events\.(?:audit|falco|sysdig|hubble|calico|flows)\./;
/** One way to give a secret stands for both. */
const SECRET = /\.(ca|cert|key|accessKeyId|secretAccessKey|clientSecret)\.(?:env|file)$/;
/** Each of these has settings of its own, which docs/people-sources.md shows. */
const SOURCES = 'people.sources.';

describe('docs/k8ssec.example.yaml', () => {
  test('is valid', () => {
    const config = loadConfig({ env: { K8SSEC_EVENTS_PORT: '8443', K8SSEC_EVENTS_CERT: '/tls/tls.crt', K8SSEC_EVENTS_KEY: '/tls/tls.key', K8SSEC_CONFIG: PATH }, flags: {}, ...KNOWN_UNITS });

    expect(config.people.sources.map(({ type }) => type.name)).toContain('slack');
    expect(config.people.access.temporaryRoles.length).toBeGreaterThan(0);
    expect(Object.keys(config.approvals.kinds).length).toBeGreaterThan(0);
  });

  test('shows every key that the file may have', () => {
    const allowed = keysAllowed(z.toJSONSchema(fileShape, { io: 'input', unrepresentable: 'any' }), '');

    const shown = keysShown(parse(readFileSync(PATH, 'utf8')), '');

    expect([...allowed].map((key) => key.replace(GRANT, 'roles.*.').replace(WAY, 'events.*.').replace(SECRET, '.$1.*')).filter((key) => !shown.has(key) && !key.startsWith(SOURCES))).toEqual([]);
    expect(allowed.size).toBeGreaterThan(40);
  });
});

/** Paths of keys, without the numbers of items and with `*` for a name that is free. */
function keysAllowed(schema: unknown, path: string): Set<string> {
  if (!isObject(schema)) return new Set();
  const { properties, items, anyOf, additionalProperties } = schema;
  const below = [
    ...(isObject(properties) ? Object.entries(properties).flatMap(([key, inner]) => [`${path}${key}`, ...keysAllowed(inner, `${path}${key}.`)]) : []),
    ...(Array.isArray(anyOf) ? anyOf.flatMap((one) => [...keysAllowed(one, path)]) : []),
    ...keysAllowed(items, path),
    ...keysAllowed(additionalProperties, `${path}*.`),
  ];
  return new Set(below);
}

function keysShown(value: unknown, path: string): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((one) => [...keysShown(one, path)]));
  if (!isObject(value)) return new Set();
  return new Set(Object.entries(value).flatMap(([key, inner]) => {
    const here = `${path}${key}`.replace(FREE, '$1.*').replace(GRANT, 'roles.*.').replace(WAY, 'events.*.').replace(SECRET, '.$1.*');
    return [here, ...keysShown(inner, `${here}.`)];
  }));
}
