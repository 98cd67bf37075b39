/** The suites that CIS allows an API server and a kubelet: all of TLS 1.3, and those of 1.2 whose keys are gone after the connection. */
const ALLOWED: ReadonlySet<string> = new Set([
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  ...['ECDSA', 'RSA'].flatMap((key) =>
    ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305', 'CHACHA20_POLY1305_SHA256', 'AES_128_CBC_SHA', 'AES_256_CBC_SHA'].map((cipher) => `TLS_ECDHE_${key}_WITH_${cipher}`),
  ),
]);

/** The suites of a list with commas that are not allowed, unknown names among them. */
export function weakCipherSuites(list: string): readonly string[] {
  return list
    .split(',')
    .map((suite) => suite.trim())
    .filter((suite) => suite !== '' && !ALLOWED.has(suite));
}
