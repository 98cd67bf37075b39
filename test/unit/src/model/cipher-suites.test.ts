import { describe, expect, test } from '@jest/globals';
import { weakCipherSuites } from '#src/model/cipher-suites.ts';

describe('src/model/cipher-suites.ts', () => {
  test.each([
    ['TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384,TLS_CHACHA20_POLY1305_SHA256', []],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', []],
    ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA', []],
    ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256']],
    ['TLS_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA', ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA']],
    ['TLS_AES_128_GCM_SHA256,whatever', ['whatever']],
    [' , ', []],
  ])('finds in %j what is not allowed', (list, weak) => {
    expect(weakCipherSuites(list)).toEqual(weak);
  });
});
