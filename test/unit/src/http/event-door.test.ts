import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { certificatesOf } from '#src/http/client-certificate.ts';
import { createEventDoor, EVENTS_PATH, type EventDoorNeeds, type Proof, type Sender } from '#src/http/event-door.ts';
import { startHttpServer, type HttpServer } from '#src/http/server.ts';
import { startTlsServer } from '#src/http/tls-server.ts';
import { aCertificate, type Keyed } from '#test/build/certificates.ts';
import { sendEvents, sendEventsOverTls } from '#test/build/events.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const TOKEN = 'token-of-prod';
const SPIFFE = 'spiffe://prod/ns/logging,sa/"shipper"';

const ca = await aCertificate('senders', { isCa: true });
const otherCa = await aCertificate('senders of others', { isCa: true });
/** Another key under the same name, as clusters have that kubeadm made. */
const twinCa = await aCertificate('senders', { isCa: true });
const between = await aCertificate('between', { isCa: true, by: ca });
const apiServer = await aCertificate('kube-apiserver', { by: ca });
const door = await aCertificate('door', { by: ca, dns: 'localhost', serverOnly: true });
const throughBetween = await aCertificate('kube-apiserver', { by: between });
const CERTIFICATES: Readonly<Record<string, Keyed | undefined>> = {
  none: undefined,
  'of the API server': apiServer,
  'of somebody else': await aCertificate('kubelet', { by: ca }),
  'of another CA': await aCertificate('kube-apiserver', { by: otherCa }),
  'of a CA with the same name': await aCertificate('kube-apiserver', { by: twinCa }),
  'signed by itself': await aCertificate('kube-apiserver'),
  'signed by a sender': await aCertificate('kube-apiserver', { by: apiServer }),
  'whose time is over': await aCertificate('kube-apiserver', { by: ca, until: new Date('2024-01-01T00:00:00.000Z') }),
  'for servers only': await aCertificate('kube-apiserver', { by: ca, serverOnly: true }),
  'signed by one between, which comes along': { ...throughBetween, cert: `${throughBetween.cert}\n${between.cert}` },
  'signed by one between, which is missing': throughBetween,
  'with the name of a workload': await aCertificate('x', { by: ca, uri: SPIFFE }),
  'with that name as another kind': await aCertificate(SPIFFE, { by: ca, dns: 'uri.example' }),
};

const signers = certificatesOf(ca.cert);
const WITH_TOKEN: Proof = { token: TOKEN, certificate: undefined };
const WITH_ANY: Proof = { token: undefined, certificate: { signers, names: [] } };
const PROOFS: Readonly<Record<string, Proof>> = {
  token: WITH_TOKEN,
  certificate: { token: undefined, certificate: { signers, names: ['CN=kube-apiserver'] } },
  'any certificate': WITH_ANY,
  workload: { token: undefined, certificate: { signers, names: ['DNS:nothing.example', `URI:${SPIFFE}`] } },
  'certificate through one between': { token: undefined, certificate: { signers: certificatesOf(`${between.cert}${ca.cert}`), names: ['CN=kube-apiserver'] } },
  both: { token: TOKEN, certificate: { signers, names: [] } },
};

describe('src/http/event-door.ts', () => {
  const servers: HttpServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  const doorWith = (senders: readonly Sender[], limits: EventDoorNeeds['limits'] = {}) => {
    const [kept, texts, log] = [new Array<string>(), new Array<string | undefined>(), createKeptLog()];
    const listener = createEventDoor({
      senders,
      keep(cluster, feed, text) {
        texts.push(text);
        kept.push(text === undefined ? `${cluster}/${feed}, lost` : `${cluster}/${feed}`);
        return Promise.resolve(true);
      },
      clock: createMovedClock(),
      log,
      limits,
    });
    return { listener, kept, texts, log };
  };
  const secure = async (asked: string) => {
    const opened = doorWith([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(PROOFS[asked] ?? { token: undefined, certificate: undefined }) }]);
    // Signers of other clusters are known to TLS as well.
    const server = await startTlsServer({ host: '127.0.0.1', port: 0, listener: opened.listener, credentials: () => Promise.resolve({ ...door, clientCas: [ca.cert, otherCa.cert, twinCa.cert] }), log: opened.log });
    servers.push(server);
    return { ...opened, send: (certificate: string, token?: string) => sendEventsOverTls(server.port, 'prod/audit', { ca: ca.cert, ...CERTIFICATES[certificate], ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }) }) };
  };
  const plain = async (senders: readonly Sender[]) => {
    const opened = doorWith(senders);
    const server = await startHttpServer({ host: '127.0.0.1', port: 0, isReady: () => true, events: { prefix: EVENTS_PATH, listener: opened.listener } });
    servers.push(server);
    return { ...opened, port: server.port };
  };

  test.each<[asked: string, certificate: string, token: string | undefined, status: number]>([
    ['token', 'none', TOKEN, 200],
    ['token', 'of the API server', undefined, 401],
    ['certificate', 'of the API server', undefined, 200],
    ['certificate', 'signed by one between, which comes along', undefined, 401],
    ['certificate through one between', 'signed by one between, which comes along', undefined, 200],
    ['certificate through one between', 'signed by one between, which is missing', undefined, 401],
    ['certificate', 'none', TOKEN, 401],
    ['certificate', 'of somebody else', undefined, 401],
    ['certificate', 'of another CA', undefined, 401],
    ['certificate', 'of a CA with the same name', undefined, 401],
    ['certificate', 'signed by itself', undefined, 401],
    ['certificate', 'signed by a sender', undefined, 401],
    ['certificate', 'whose time is over', undefined, 401],
    ['certificate', 'for servers only', undefined, 401],
    ['certificate', 'signed by one between, which is missing', undefined, 401],
    ['any certificate', 'of somebody else', undefined, 200],
    ['any certificate', 'of another CA', undefined, 401],
    ['workload', 'with the name of a workload', undefined, 200],
    ['workload', 'with that name as another kind', undefined, 401],
    ['both', 'of somebody else', TOKEN, 200],
    ['both', 'of somebody else', 'wrong', 401],
    ['both', 'of somebody else', undefined, 401],
    ['both', 'none', TOKEN, 401],
    ['nothing at all', 'of the API server', TOKEN, 401],
  ])('over TLS, who has to show: %s, and shows a certificate: %s, and the token %s, gets %i', async (asked, certificate, token, status) => {
    const { send, kept } = await secure(asked);

    expect((await send(certificate, token)).status).toBe(status);
    expect(kept).toEqual(status === 200 ? ['prod/audit'] : []);
  });

  const packed = gzipSync('[]'.padEnd(20_000));
  test.each<[name: string, encoding: string, body: Uint8Array<ArrayBuffer>, status: number]>([
    ['as gzip', 'gzip', packed, 200],
    ['as gzip, written otherwise', 'GZip', packed, 200],
    ['as it is', 'identity', Buffer.from('[]'), 200],
    ['cut off', 'gzip', packed.subarray(0, -9), 400],
    ['that is no gzip', 'gzip', Buffer.from('[]'), 400],
    ['in another encoding', 'deflate', deflateSync('[]'), 400],
    ['that is too large unpacked', 'gzip', gzipSync('[]'.padEnd(17 * 2 ** 20)), 413],
  ])('a body %s: what cannot be taken counts as lost, because its sender may give it up', async (_, encoding, body, status) => {
    const { port, kept, log } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(WITH_TOKEN) }]);
    const send = () => fetch(`http://127.0.0.1:${port}/events/prod/audit`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-encoding': encoding }, body });

    for (let times = 0; times < 2; times += 1) expect((await send()).status).toBe(status);

    const isTaken = status === 200;
    expect(kept).toEqual(Array.from({ length: 2 }, () => (isTaken ? 'prod/audit' : 'prod/audit, lost')));
    expect(log.texts('warn')).toEqual(isTaken ? [] : ['a body of events could not be taken and counts as lost']);
  });

  test('a sender that is slow with many bodies leaves room for those of others', async () => {
    const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { listener, kept } = doorWith(['prod', 'dev'].map((cluster) => ({ cluster, feed: 'audit', proof: () => Promise.resolve(WITH_TOKEN) })), { atOnce: 4 });
    let count = 0;
    const watched: typeof listener = (request, response) => {
      request.once('readable', () => begun[count++]?.resolve());
      listener(request, response);
    };
    const server = await startHttpServer({ host: '127.0.0.1', port: 0, isReady: () => true, events: { prefix: EVENTS_PATH, listener: watched } });
    servers.push(server);
    const sockets = begun.map(() => connect(server.port, '127.0.0.1'));
    for (const socket of sockets) socket.write(`POST /events/dev/audit HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 100\r\n\r\n[`);
    await Promise.all(begun.map(({ promise }) => promise));

    const statuses = await Promise.all(['dev', 'prod'].map(async (cluster) => (await sendEvents(server.port, `${cluster}/audit`, { body: [], token: TOKEN })).status));
    for (const socket of sockets) socket.destroy();

    expect(statuses).toEqual([429, 200]);
    expect(kept).toEqual(['prod/audit']);
  });

  test('a mark of the byte order before a body is no part of it', async () => {
    const { port, texts } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(WITH_TOKEN) }]);

    await sendEvents(port, 'prod/audit', { body: '\uFEFF{"a":"\uFEFF"}', token: TOKEN });

    expect(texts).toEqual(['{"a":"\uFEFF"}']);
  });

  test.each(['identity', 'gzip'])('whoever hangs up within a body got no answer and comes again, so that nothing is lost (%s)', async (encoding) => {
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const { listener, kept, log } = doorWith([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(WITH_TOKEN) }]);
    const watched: typeof listener = (request, response) => {
      request.once('readable', begun.resolve);
      response.once('close', over.resolve);
      listener(request, response);
    };
    const server = await startHttpServer({ host: '127.0.0.1', port: 0, isReady: () => true, events: { prefix: EVENTS_PATH, listener: watched } });
    servers.push(server);

    const socket = connect(server.port, '127.0.0.1');
    socket.write(`POST /events/prod/audit HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${packed.length}\r\n\r\n`);
    socket.write(packed.subarray(0, 10));
    await begun.promise;
    socket.destroy();
    await over.promise;
    await new Promise(setImmediate);

    expect(kept).toEqual([]);
    expect(log.texts('warn')).toEqual([]);
  });

  test('a client certificate is never seen in plain HTTP, whatever headers say', async () => {
    const { port } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(WITH_ANY) }]);

    const { status } = await fetch(`http://127.0.0.1:${port}/events/prod/audit`, { method: 'POST', body: '[]', headers: { 'x-forwarded-client-cert': apiServer.cert.replaceAll('\n', '%0A'), 'ssl-client-verify': 'SUCCESS' } });

    expect(status).toBe(401);
  });

  test('nobody learns which clusters there are: whoever may not send gets the same answer everywhere, and the same is looked at', async () => {
    const looked: string[] = [];
    const senders = (['prod/audit', 'prod/falco', 'staging/audit'] as const).map((name): Sender => {
      const [cluster, feed] = name.split('/') as [string, 'audit' | 'falco'];
      return { cluster, feed, proof: () => Promise.resolve({ token: TOKEN, certificate: undefined }).finally(() => looked.push(name)) };
    });
    const { port, kept } = await plain(senders);
    const asOutsider = async (path: string, token?: string) => {
      const { status, headers } = await fetch(`http://127.0.0.1:${port}/events/${path}`, { method: 'POST', body: '[]', ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }) });
      return { status, headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')) };
    };

    const wrongToken = await asOutsider('prod/audit', 'wrong');
    const others = [await asOutsider('prod/audit'), await asOutsider('nowhere/audit'), await asOutsider('nowhere/audit', TOKEN), await asOutsider('staging/falco', TOKEN), await asOutsider('prod/hubble', TOKEN)];

    expect(wrongToken.status).toBe(401);
    expect(others).toEqual(others.map(() => wrongToken));
    expect(looked).toHaveLength(1 + others.length);
    expect(kept).toEqual([]);
  });

  test('a place where nobody may send is as faulty as one where somebody may: both ask for the same secret', async () => {
    const { port, log } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => Promise.reject(new Error('the secret is missing')) }]);

    const statuses = await Promise.all(['prod/audit', 'nowhere/audit'].map(async (path) => (await sendEvents(port, path, { body: [], token: 'any' })).status));

    expect(statuses).toEqual([503, 503]);
    expect(log.lines).toMatchObject([{ text: 'what the senders of a feed have to show cannot be read; they are asked to come again', fields: { cluster: 'prod', feed: 'audit' } }]);
  });

  test('what one feed asks for may be missing: its senders come again, and the others are let in', async () => {
    let proof = () => Promise.reject<Proof>(new Error('the CA is missing'));
    const { port, kept } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => proof() }, { cluster: 'prod', feed: 'falco', proof: () => Promise.resolve(WITH_TOKEN) }]);
    const send = (path: string) => sendEvents(port, path, { body: [], token: TOKEN });

    expect(await send('prod/audit')).toEqual({ status: 503, retryAfter: '2' });
    expect((await send('prod/falco')).status).toBe(200);
    proof = () => Promise.resolve(WITH_TOKEN);
    expect((await send('prod/audit')).status).toBe(200);
    expect(kept).toEqual(['prod/falco', 'prod/audit']);
  });

  test('where no feed is sent everything is refused', async () => {
    const { port } = await plain([]);

    expect((await sendEvents(port, 'prod/audit', { body: [], token: TOKEN })).status).toBe(401);
  });

  test.each([['prod/nonsense', 404], ['audit', 401], ['prod/audit/more', 404], ['%ZZ/audit', 404]])('%s is answered with %i, whatever is configured', async (path, status) => {
    const { port } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(WITH_TOKEN) }]);

    expect((await sendEvents(port, path, { body: [], token: TOKEN })).status).toBe(status);
  });

  test('a token that did not come is told from a wrong one', async () => {
    const { port, log } = await plain([{ cluster: 'prod', feed: 'audit', proof: () => Promise.resolve(WITH_TOKEN) }]);

    const response = await fetch(`http://127.0.0.1:${port}/events/prod/audit`, { method: 'POST', body: '[]' });

    expect(response.status).toBe(401);
    expect(log.lines.map(({ fields }) => fields)).toEqual([{ cluster: 'prod', feed: 'audit', reason: expect.stringMatching(/^no token came; .* https$/) }]);
  });

  test('the log says once in a while why senders are refused, and never the token', async () => {
    const { send, log } = await secure('both');

    await send('of somebody else', 'wrong-canary');
    await send('of somebody else', 'wrong-canary');
    await send('none', TOKEN);

    expect(log.lines.map(({ text, fields }) => ({ text, ...fields }))).toEqual([
      { text: 'events were refused', cluster: 'prod', feed: 'audit', reason: 'the token is wrong' },
      { text: 'events were refused', cluster: 'prod', feed: 'audit', reason: 'no client certificate that is good' },
    ]);
  });
});
