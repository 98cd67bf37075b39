import { gatewayListeners } from '#src/facts/gateway-listeners.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { qualifiedName } from '#src/model/finding.ts';
import { nsa } from '#src/model/references.ts';
import { hangsOn } from '#src/network/listeners.ts';

/**
 * Reports each Gateway that serves routes without TLS.
 *
 * Routes that do nothing but send clients to HTTPS, or answer a certificate authority, are what such a listener is good for. Gateways
 * that only internal networks reach are left out, and so are listeners that no route hangs on.
 */
export const check = defineClusterCheck({
  id: 'exposure/gateway-without-tls',
  title: 'Every route of a Gateway is served with TLS',
  severity: 'medium',
  tips: [3],
  why: 'Passwords, cookies and data cross the internet in the clear, and anybody on the way may change them.',
  fix: 'Let the route hang on a listener with TLS (sectionName), and give the listener for HTTP a route that redirects to HTTPS.',
  sources: [
    { title: 'Gateway API: TLS configuration', url: 'https://gateway-api.sigs.k8s.io/guides/tls/' },
    { title: 'Gateway API: HTTP path redirects and rewrites', url: 'https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/' },
    nsa('Network separation and hardening: Encryption'),
  ],
  needs: { gatewayListeners },
  *judge({ gatewayListeners: { gateways, routes } }) {
    const sorted = routes.toSorted((a, b) => (qualifiedName(a.ref) < qualifiedName(b.ref) ? -1 : 1));
    for (const { key, subject, listeners } of gateways) {
      const [worst] = listeners.flatMap((listener) => {
        const through = sorted.filter((route) => hangsOn(route, key, listener)).map(({ ref }) => ref);
        return through.length === 0 ? [] : [{ listener, through }];
      });
      const first = worst?.through[0];
      if (worst === undefined || first === undefined) continue;
      const others = worst.through.length === 1 ? '' : ` and ${worst.through.length - 1} more`;
      yield {
        subject,
        path: worst.listener.path,
        message: `Its listener ${worst.listener.name} serves ${first.kind} ${qualifiedName(first)}${others} without TLS`,
        related: worst.through,
      };
    }
  },
});
