import { describe, expect, test } from '@jest/globals';
import { hangsOn, plainListeners, servingRoute, type PlainListener } from '#src/network/listeners.ts';

const REF = { kind: 'HTTPRoute', namespace: 'shop', name: 'web' };
const SERVES = { backendRefs: [{ name: 'web', port: 80 }] };
const REDIRECTS = { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }] };
const CHALLENGE = { matches: [{ path: { value: '/.well-known/acme-challenge/x' } }], backendRefs: [{ name: 'solver' }] };

function listener(given: Partial<PlainListener> = {}): PlainListener {
  return { name: 'http', port: 80, hostname: undefined, from: 'Same', path: [], ...given };
}

function route(spec: object) {
  const found = servingRoute({ spec: { rules: [SERVES], ...spec } }, REF);
  if (found === undefined) throw new Error('it serves nothing');
  return found;
}

describe('src/network/listeners.ts', () => {
  test('finds the listeners that speak HTTP, and what they say of themselves', () => {
    const listeners = [{ name: 'tls', protocol: 'HTTPS' }, { name: 'web', protocol: 'HTTP', port: 8080, hostname: '', allowedRoutes: { namespaces: { from: 'All' } } }, { protocol: 'HTTP' }];

    expect(plainListeners({ spec: { listeners } })).toEqual([
      { name: 'web', port: 8080, hostname: undefined, from: 'All', path: ['spec', 'listeners', 1] },
      { name: '2', port: undefined, hostname: undefined, from: 'Same', path: ['spec', 'listeners', 2] },
    ]);
  });

  test.each([
    ['sends to a Service', [SERVES], true],
    ['sends some requests to a Service', [REDIRECTS, SERVES], true],
    ['sends clients to HTTPS', [REDIRECTS], false],
    ['sends clients to another place without TLS', [{ filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'other.example' } }] }], true],
    ['answers a certificate authority', [CHALLENGE], false],
    ['answers a certificate authority and others', [{ ...CHALLENGE, matches: [...CHALLENGE.matches, { path: { value: '/' } }] }], true],
    ['has no rules', [], false],
  ])('a route that %s', (_, rules, serves) => {
    expect(servingRoute({ spec: { rules } }, REF) !== undefined).toBe(serves);
  });

  test.each([
    ['names the Gateway', { parentRefs: [{ name: 'edge' }] }, listener(), true],
    ['names another Gateway', { parentRefs: [{ name: 'other' }] }, listener(), false],
    ['names the Gateway of another namespace', { parentRefs: [{ name: 'edge', namespace: 'infra' }] }, listener(), false],
    ['names a Service', { parentRefs: [{ kind: 'Service', name: 'edge' }] }, listener(), false],
    ['names the listener', { parentRefs: [{ name: 'edge', sectionName: 'http' }] }, listener(), true],
    ['names another listener', { parentRefs: [{ name: 'edge', sectionName: 'https' }] }, listener(), false],
    ['names another port', { parentRefs: [{ name: 'edge', port: 443 }] }, listener(), false],
    ['is allowed by nobody', { parentRefs: [{ name: 'edge' }] }, listener({ from: 'None' }), false],
    ['has a host of the listener', { parentRefs: [{ name: 'edge' }], hostnames: ['a.b.example'] }, listener({ hostname: '*.example' }), true],
    ['has a host that the listener is part of', { parentRefs: [{ name: 'edge' }], hostnames: ['*.example'] }, listener({ hostname: 'a.example' }), true],
    ['has another host', { parentRefs: [{ name: 'edge' }], hostnames: ['example'] }, listener({ hostname: '*.example' }), false],
    ['has no host of its own', { parentRefs: [{ name: 'edge' }] }, listener({ hostname: 'a.example' }), true],
  ])('a route that %s', (_, spec, own, hangs) => {
    expect(hangsOn(route(spec), 'shop/edge', own)).toBe(hangs);
  });

  test.each([['Same', false], ['All', true], ['Selector', true], ['None', false]])('a route of another namespace, where routes from %s may hang on the listener', (from, hangs) => {
    expect(hangsOn(route({ parentRefs: [{ name: 'edge', namespace: 'infra' }] }), 'infra/edge', listener({ from }))).toBe(hangs);
  });
});
