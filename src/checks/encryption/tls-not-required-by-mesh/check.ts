import { defineObjectCheck } from '#src/model/check.ts';
import { at, textAt } from '#src/model/raw.ts';
import { nsa } from '#src/model/references.ts';

/** Where the settings of a mesh are that hold for all of its namespaces. */
const ROOT_NAMESPACE = 'istio-system';
const LAX = ['PERMISSIVE', 'DISABLE'];

/** Reports a mesh that takes connections without TLS wherever nobody has said otherwise. */
export const check = defineObjectCheck({
  id: 'encryption/tls-not-required-by-mesh',
  title: 'The mesh takes no connection without TLS',
  severity: 'info',
  tips: [1],
  why: 'What services tell each other can be read and changed on the way between nodes.',
  fix: 'Set spec.mtls.mode of the PeerAuthentication in istio-system to STRICT, once every client is in the mesh.',
  sources: [
    nsa('Network separation and hardening: Encryption'),
    { title: 'Istio: PeerAuthentication', url: 'https://istio.io/latest/docs/reference/config/security/peer_authentication/' },
  ],
  kinds: ['PeerAuthentication'],
  *judge(object) {
    if (textAt(object, 'metadata', 'namespace') !== ROOT_NAMESPACE || at(object, 'spec', 'selector') !== undefined) return;
    const mode = textAt(object, 'spec', 'mtls', 'mode');
    if (mode !== undefined && LAX.includes(mode)) yield { path: ['spec', 'mtls', 'mode'], message: `The whole mesh takes connections without TLS: the mode is ${mode}` };
    else if (mode === undefined || mode === 'UNSET') yield { path: ['spec'], message: 'The whole mesh takes connections without TLS: no mode is set, which means PERMISSIVE' };
  },
});
