import { connect, TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { HttpServer } from '#src/http/server.ts';
import { startTlsServer, type TlsCredentials } from '#src/http/tls-server.ts';
import { aCertificate, type Keyed } from '#test/build/certificates.ts';
import { until } from '#test/build/queue.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

const ca = await aCertificate('ca', { isCa: true });
const [first, second] = [await aCertificate('first', { by: ca, dns: 'localhost' }), await aCertificate('second', { by: ca, dns: 'localhost' })];
const client = await aCertificate('client', { by: ca });

describe('src/http/tls-server.ts', () => {
  let log: KeptLog;
  const opened: HttpServer[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((server) => server.stop()));
  });

  const start = async (credentials: () => Promise<TlsCredentials>): Promise<HttpServer> => {
    log = createKeptLog();
    const server = await startTlsServer({
      host: '127.0.0.1',
      port: 0,
      listener: (request, response) => void response.writeHead(200, { connection: 'close' }).end(request.socket instanceof TLSSocket && request.socket.authorized ? 'known' : 'unknown'),
      credentials,
      log,
      lookEveryMs: 5,
    });
    opened.push(server);
    return server;
  };
  const shown = async ({ port }: HttpServer, { session, own }: { readonly session?: Buffer; readonly own?: Keyed } = {}) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: ca.cert, ...(session && { session }), ...own });
    const sessions: Buffer[] = [];
    socket.on('session', (given) => sessions.push(given));
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(socket, 'secureConnect');
    const { CN: name } = socket.getPeerCertificate().subject;
    const isResumed = socket.isSessionReused();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');
    return { name, isResumed, session: sessions.at(-1), said };
  };

  test('a new certificate is used without a restart, and CAs that come with it are known', async () => {
    let current: TlsCredentials = { ...first, clientCas: [] };
    const server = await start(() => Promise.resolve(current));
    expect(await shown(server, { own: client })).toMatchObject({ name: 'first', said: expect.stringMatching(/unknown$/m) });

    current = { ...second, clientCas: [ca.cert] };
    await until(() => log.texts('info').length > 0);

    expect(await shown(server, { own: client })).toMatchObject({ name: 'second', said: expect.stringMatching(/\bknown/) });
    expect(log.texts('info')).toEqual(['the certificates of the door for events have changed and are used']);
  });

  test.each<[what: string, next: () => Promise<TlsCredentials>]>([
    ['do not belong together', () => Promise.resolve({ cert: second.cert, key: first.key, clientCas: [] })],
    ['cannot be read', () => Promise.reject(new Error('the file /tls.crt cannot be read'))],
    ['are no certificates', () => Promise.resolve({ cert: 'half a file', key: first.key, clientCas: [] })],
  ])('while new credentials %s, the old ones go on, and that is said once', async (_, next) => {
    let [looks, read] = [0, () => Promise.resolve<TlsCredentials>({ ...first, clientCas: [] })];
    const server = await start(() => {
      looks += 1;
      return read();
    });

    read = next;
    const from = looks;
    await until(() => looks > from + 3);

    expect((await shown(server)).name).toBe('first');
    expect(log.texts('error')).toEqual(['the new certificate of the door for events cannot be used; the old one goes on']);
  });

  test.each<[what: string, credentials: () => Promise<TlsCredentials>, message: RegExp]>([
    ['a key of another certificate', () => Promise.resolve({ cert: second.cert, key: first.key, clientCas: [] }), /^cannot be served: the key does not belong to the certificate$/],
    ['a certificate that is none', () => Promise.resolve({ cert: 'half a file', key: first.key, clientCas: [] }), /^cannot be served: the certificate or the key is not in PEM$/],
    ['a file that is not there', () => Promise.reject(new Error('the file /tls.crt cannot be read')), /^cannot be served: the file \/tls\.crt cannot be read$/],
  ])('does not start with %s, and names the setting', async (_, credentials, message) => {
    await expect(start(credentials)).rejects.toMatchObject({ setting: 'K8SSEC_EVENTS_PORT', message: expect.stringMatching(message) });
  });

  test('does not start on a port that is in use', async () => {
    const { port } = await start(() => Promise.resolve({ ...first, clientCas: [] }));

    await expect(startTlsServer({ host: '127.0.0.1', port, listener: () => undefined, credentials: () => Promise.resolve({ ...first, clientCas: [] }), log })).rejects.toMatchObject({
      setting: 'K8SSEC_EVENTS_PORT',
      message: `port ${port} of 127.0.0.1 cannot be used: another process uses it`,
    });
  });

  test('no session is taken up again, so that each connection shows its certificate', async () => {
    const server = await start(() => Promise.resolve({ ...first, clientCas: [ca.cert] }));
    const { session } = await shown(server, { own: client });

    expect((await shown(server, { own: client, ...(session && { session }) })).isResumed).toBe(false);
  });
});
