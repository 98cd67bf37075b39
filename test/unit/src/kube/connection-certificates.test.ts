import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, Socket, type AddressInfo, type Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectionCertificates } from '#src/kube/connection-certificates.ts';
import { configFor } from '#src/kube/contexts.ts';
import { createApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import type { ConnectionCertificates } from '#src/model/connection-certificates.ts';
import { startKubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { aCertificate, type Keyed } from '#test/build/certificates.ts';

const ENDS = { server: new Date('2089-01-01T00:00:00Z'), between: new Date('2088-01-01T00:00:00Z'), bot: new Date('2087-01-01T00:00:00Z'), old: new Date('2086-01-01T00:00:00Z') };

const ca = await aCertificate('ca', { isCa: true });
const oldCa = await aCertificate('ca', { isCa: true, until: ENDS.old, keyOf: ca });
const twinCa = await aCertificate('ca', { isCa: true });
const between = await aCertificate('between', { isCa: true, by: ca, until: ENDS.between });
const plain = await aCertificate('kube-apiserver', { by: ca, dns: 'localhost', until: ENDS.server });
const throughBetween = await aCertificate('kube-apiserver', { by: between, dns: 'localhost', until: ENDS.server });
const over = await aCertificate('kube-apiserver', { by: ca, dns: 'localhost', until: new Date('2024-01-01T00:00:00Z') });
const formerRoot = await aCertificate('former', { isCa: true });
const crossed = await aCertificate('ca', { isCa: true, by: formerRoot, keyOf: ca, until: new Date('2024-01-01T00:00:00Z') });
const nameless = await aCertificate('', { by: ca, dns: 'localhost', until: ENDS.server });
const bot = await aCertificate('k8ssec', { by: ca, until: ENDS.bot });

const servers: NetServer[] = [];
/** Both ends of what a proxy has let through. */
const tunnel: Duplex[] = [];

afterEach(async () => {
  for (const socket of tunnel.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

async function listening(server: NetServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, done));
  return (server.address() as AddressInfo).port;
}

function apiServer(keyed: Keyed): Server {
  return createServer(keyed, (_, response) => void response.setHeader('connection', 'close').end('{"gitVersion":"v1.37.2"}'));
}

interface Reached {
  readonly server: string;
  readonly cluster?: object;
  readonly user?: object;
}

/** What the first connection showed, also after a second one. */
async function seen({ server, cluster = { 'certificate-authority-data': base64(ca.cert) }, user = {} }: Reached): Promise<ConnectionCertificates | undefined> {
  const config = { 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], clusters: [{ name: 'c', cluster: { server, ...cluster } }], users: [{ name: 'u', user }] };
  const client = createApiClient(configFor({ text: JSON.stringify(config) }));
  const { signal } = new AbortController();
  expect(client.certificates()).toBeUndefined();
  await client.send({ path: '/version' }, signal);
  await client.send({ path: '/version' }, signal);
  client.close();
  return client.certificates();
}

function base64(...texts: readonly string[]): string {
  return Buffer.from(texts.join('\n')).toString('base64');
}

/** Names and ends, which is what tests are about. */
function shown(certificates: ConnectionCertificates | undefined): unknown {
  if (certificates === undefined || 'unseen' in certificates) return certificates;
  return certificates.server.map(({ name, untilMs }) => `${name} ${new Date(untilMs).getUTCFullYear()}`);
}

describe('src/kube/connection-certificates.ts', () => {
  test.each([
    ['the CA that signed it', plain, [ca.cert], ['kube-apiserver 2089', 'ca 2090']],
    ['the later of a CA that was renewed', plain, [oldCa.cert, ca.cert, twinCa.cert], ['kube-apiserver 2089', 'ca 2090']],
    ['those between', { ...throughBetween, cert: `${throughBetween.cert}\n${between.cert}` }, [ca.cert], ['kube-apiserver 2089', 'between 2088', 'ca 2090']],
    ['one that says nothing of its holder', nameless, [ca.cert], [' 2089', 'ca 2090']],
    ['not what leads past a CA that the bot believes', { ...plain, cert: `${plain.cert}\n${crossed.cert}` }, [ca.cert], ['kube-apiserver 2089', 'ca 2090']],
    ['not the root that the server sends', { ...plain, cert: `${plain.cert}\n${oldCa.cert}` }, [ca.cert], ['kube-apiserver 2089', 'ca 2090']],
  ])('sees the certificate of the server and %s', async (_, keyed, trusted, expected) => {
    const port = await listening(apiServer(keyed));

    expect(shown(await seen({ server: `https://localhost:${port}`, cluster: { 'certificate-authority-data': base64(...trusted) } }))).toEqual(expected);
  });

  test('sees one that has ended where nobody looks whether it is good', async () => {
    const port = await listening(apiServer(over));

    expect(shown(await seen({ server: `https://localhost:${port}`, cluster: { 'insecure-skip-tls-verify': true } }))).toEqual(['kube-apiserver 2024']);
  });

  test('sees what is behind a proxy', async () => {
    const port = await listening(apiServer(plain));
    const proxy = createHttpServer();
    const hosts: (string | undefined)[] = [];
    proxy.on('connect', ({ url }, client, head) => {
      hosts.push(url);
      const server = connect(port, 'localhost', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.write(head);
        server.pipe(client).pipe(server);
        tunnel.push(client, server);
      });
    });
    const proxyUrl = `http://localhost:${await listening(proxy)}`;

    expect(shown(await seen({ server: `https://localhost:${port}`, cluster: { 'certificate-authority-data': base64(ca.cert), 'proxy-url': proxyUrl } }))).toEqual(['kube-apiserver 2089', 'ca 2090']);
    expect(hosts).toContain(`localhost:${port}`);
  });

  test('says that there is nothing to see without TLS', async () => {
    const port = await listening(createHttpServer((_, response) => void response.end('{}')));

    expect(await seen({ server: `http://localhost:${port}`, cluster: { 'insecure-skip-tls-verify': true } })).toEqual({ unseen: 'the bot reaches the API server without TLS' });
  });

  const withCertificate = { 'client-certificate-data': base64(bot.cert), 'client-key-data': base64(bot.key) };
  test.each([
    ['a certificate', withCertificate, ENDS.bot.getTime()],
    ['a token', { token: 'canary' }, undefined],
    ['a certificate and a token', { ...withCertificate, token: 'canary' }, undefined],
    ['a certificate and a password', { ...withCertificate, username: 'bot', password: 'canary' }, undefined],
    ['nothing', {}, undefined],
    [
      'what a plugin hands out',
      {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: process.execPath,
          args: ['-e', `console.log(${JSON.stringify(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { clientCertificateData: bot.cert, clientKeyData: bot.key } }))})`],
        },
      },
      undefined,
    ],
  ])('the bot, which signs in with %s', async (_, user, untilMs) => {
    const port = await listening(apiServer(plain));

    const certificates = await seen({ server: `https://localhost:${port}`, user });

    expect(certificates).toHaveProperty('server');
    expect(certificates !== undefined && 'bot' in certificates ? certificates.bot.untilMs : undefined).toBe(untilMs);
  });

  test('a cluster that is opened carries what was seen', async () => {
    const kube = await startKubeSandbox();
    const client = createApiClient(configFor({ text: kube.kubeconfig('admin') }));
    const { connection } = await openCluster(client, new AbortController().signal);
    client.close();
    await kube.stop();

    expect(connection).toHaveProperty('server');
  });

  test('a certificate that cannot be read is not seen, and costs no answer', () => {
    const socket = new TLSSocket(new Socket());
    socket.getPeerX509Certificate = () => {
      throw new Error('unsupported algorithm');
    };

    expect(connectionCertificates(socket, { ca: '', own: undefined })).toEqual({ unseen: 'the certificate of the API server cannot be read: unsupported algorithm' });
    socket.destroy();
  });
});
