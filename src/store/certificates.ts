import type { Redis } from 'ioredis';
import { readCertificate } from '#src/model/certificate.ts';
import type { CertificateMemory } from '#src/model/clusters.ts';
import { isObject, textAt, type RawObject } from '#src/model/raw.ts';
import { keys } from './keys.ts';

/** Requests for certificates, each until its certificate ends. What cannot be read as a certificate is kept, since nobody knows its end. */
export function createCertificateMemory(redis: Redis): CertificateMemory {
  return {
    async of(cluster, now) {
      const stored = await redis.hgetall(keys.certificates(cluster));
      const all = Object.entries(stored).map(([id, text]) => ({ id, request: JSON.parse(text) as unknown }));
      const over = all.filter(({ request }) => hasEnded(request, now)).map(({ id }) => id);
      if (over.length > 0) await redis.hdel(keys.certificates(cluster), ...over);
      return all.flatMap(({ id, request }) => (over.includes(id) || !isObject(request) ? [] : [request]));
    },
    async remember(cluster, requests) {
      const entries = requests.flatMap((request) => [textAt(request, 'metadata', 'uid') ?? textAt(request, 'metadata', 'name') ?? '', JSON.stringify(essence(request))]);
      if (entries.length > 0) await redis.hset(keys.certificates(cluster), ...entries);
    },
  };
}

/** What tells whose a certificate is. */
function essence(request: RawObject): RawObject {
  return {
    apiVersion: textAt(request, 'apiVersion'),
    kind: textAt(request, 'kind'),
    metadata: { name: textAt(request, 'metadata', 'name'), uid: textAt(request, 'metadata', 'uid') },
    spec: { signerName: textAt(request, 'spec', 'signerName') },
    status: { certificate: textAt(request, 'status', 'certificate') },
  };
}

function hasEnded(request: unknown, now: Date): boolean {
  const certificate = readCertificate(Buffer.from(textAt(request, 'status', 'certificate') ?? '', 'base64').toString('latin1'));
  return certificate !== undefined && certificate.expiresAtMs <= now.getTime();
}
