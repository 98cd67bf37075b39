import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCredentialReader, proofProblem, readProof } from '#src/app/events/proofs.ts';
import type { EventSettings } from '#src/model/event-intake.ts';
import { aCertificate } from '#test/build/certificates.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const ca = await aCertificate('ca', { isCa: true });
const door = await aCertificate('door', { by: ca, dns: 'localhost' });

describe('src/app/events/proofs.ts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8ssec-proofs-'));
    await Promise.all([writeFile(join(folder, 'tls.crt'), door.cert), writeFile(join(folder, 'tls.key'), door.key), writeFile(join(folder, 'one.crt'), ca.cert)]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const path = (name: string) => join(folder, name);
  const asking = (name: string) => ({ clientCertificate: { ca: { file: path(name) }, names: [] } });
  const settings = (senders: EventSettings['senders']): readonly EventSettings[] => [{ cluster: 'prod', senders, pulls: {}, channel: undefined, minSeverity: 'high', ask: 'never', silentMs: {} }];

  test('a CA that is missing keeps out its feed alone, is said once, and is used when it is there', async () => {
    const log = createKeptLog();
    const read = createCredentialReader({ cert: path('tls.crt'), key: path('tls.key'), port: 0 }, settings({ audit: asking('one.crt'), flows: asking('late.crt') }), log);
    const one = ca.cert.trim();

    expect(await read()).toEqual({ cert: door.cert, key: door.key, clientCas: [one] });
    expect(await read()).toMatchObject({ clientCas: [one] });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { cluster: 'prod', feed: 'flows', error: { message: `its secret is missing: the file ${path('late.crt')} is not there` } } }]);

    await writeFile(path('late.crt'), 'half a file');
    expect(await read()).toMatchObject({ clientCas: [one] });
    await writeFile(path('late.crt'), ca.cert);
    expect(await read()).toMatchObject({ clientCas: [one, one] });
    await read();
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error', 'info']);
  });

  test('without its own certificate the door shows nothing', async () => {
    const read = createCredentialReader({ cert: path('gone.crt'), key: path('tls.key'), port: 0 }, [], createKeptLog());

    await expect(read()).rejects.toThrow(`the file ${path('gone.crt')} cannot be read`);
  });

  test.each([
    ['a CA that is missing', () => asking('late.crt'), /^nobody can send: its secret is missing: the file .*late\.crt is not there$/],
    ['a CA that is none', () => asking('tls.key'), /^nobody can send: the file .*tls\.key holds no certificate in PEM that can be read$/],
    ['a token that is missing', () => ({ token: { env: 'K8SSEC_TEST_NO_SUCH_TOKEN' } }), /^nobody can send: its secret is missing: the environment variable K8SSEC_TEST_NO_SUCH_TOKEN is not there$/],
  ])('%s is a problem', async (_, given, problem) => {
    expect(await proofProblem(given())).toMatch(problem);
    await expect(readProof(given())).rejects.toThrow(/missing|no certificate/);
  });

  test('what is there is none', async () => {
    expect(await proofProblem(asking('one.crt'))).toBeUndefined();
    expect(await readProof(asking('one.crt'))).toMatchObject({ token: undefined, certificate: { signers: [{ ca: true }], names: [] } });
  });
});
