import { Server, ServerCredentials, status, type ServerWritableStream } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { observerService } from '#src/event-logs/hubble/observer.ts';
import { createRelayPull } from '#src/event-logs/hubble/relay.ts';
import { createEventReader } from '#src/events/read.ts';
import type { RelaySettings } from '#src/model/event-intake.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';

const AT_MS = Date.UTC(2026, 10, 23, 9);
const NOW_MS = AT_MS + 60_000;
const PLAIN = { plaintext: true, ca: undefined, cert: undefined, key: undefined, serverName: undefined };

interface Asked {
  readonly follow: boolean;
  readonly since: { readonly seconds: string; readonly nanos: number };
}
type Call = ServerWritableStream<Asked, object>;

const time = (offsetMs: number, nanos = 0) => ({ seconds: Math.floor((AT_MS + offsetMs) / 1000), nanos: ((AT_MS + offsetMs) % 1000) * 1_000_000 + nanos });
const flow = (uuid: string, offsetMs: number) => ({
  flow: {
    uuid,
    time: time(offsetMs, 7),
    verdict: 'DROPPED',
    drop_reason_desc: 'POLICY_DENIED',
    IP: { source: '10.0.0.7', destination: '203.0.113.9' },
    l4: { TCP: { source_port: 40_000, destination_port: 443, flags: { RST: true } } },
    source: { identity: 4711, namespace: 'shop', pod_name: 'web-1', workloads: [{ kind: 'Deployment', name: 'web' }] },
    destination: { identity: 2, labels: ['reserved:world'] },
    destination_names: ['api.example'],
    is_reply: { value: false },
  },
  node_name: 'worker-1',
  time: time(offsetMs, 7),
});

describe('src/event-logs/hubble/relay.ts', () => {
  let server: Server;
  let stopping: AbortController;
  let asked: number[];
  let answer: (call: Call) => void;

  beforeEach(() => {
    [server, stopping, asked] = [new Server(), new AbortController(), []];
    server.addService(observerService(), {
      GetFlows: (call: Call) => {
        asked.push(Number(call.request.since.seconds) * 1000 + call.request.since.nanos / 1e6);
        if (!call.request.follow) call.destroy(new Error('it does not follow'));
        else answer(call);
      },
    });
  });

  afterEach(() => {
    stopping.abort();
    server.forceShutdown();
  });

  const listen = (credentials = ServerCredentials.createInsecure()) => new Promise<string>((resolve, reject) => server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error === null ? resolve(`localhost:${port}`) : reject(error))));
  const open = (settings: Partial<RelaySettings> & { readonly address: string }, secrets = {}) => {
    const deps = createSourceDeps(secrets);
    deps.clock.advance(NOW_MS - deps.clock.now().getTime());
    return createRelayPull({ ...PLAIN, ...settings }, deps);
  };
  const from = (offsetMs: number) => JSON.stringify({ atMs: AT_MS + offsetMs, count: 0 });

  async function pulled(source: ReturnType<typeof open>, cursor: string, lines: number): Promise<{ readonly text: string; readonly cursor: string }> {
    let [place, text] = [cursor, ''];
    while (text.split('\n').filter((line) => line !== '').length < lines) {
      const piece = await source.pull(place, stopping.signal);
      if (piece === undefined) continue;
      text += `${piece.text ?? ''}\n`;
      place = piece.cursor;
    }
    return { text, cursor: place };
  }

  function readings(text: string): readonly object[] {
    const reader = createEventReader('hubble');
    return text.split('\n').filter((line) => line !== '').flatMap((line) => reader.read(JSON.parse(line)));
  }

  test('it begins with what happens from now on, and asks nobody for that', async () => {
    expect(await open({ address: 'localhost:1' }).pull(undefined, stopping.signal)).toMatchObject({ text: '' });
  });

  test('flows are read as from the exporter, and what Hubble lost and cannot see is counted', async () => {
    answer = (call) => {
      call.write({ node_status: { state_change: 'NODE_CONNECTED', node_names: ['worker-1'] }, time: time(0) });
      call.write({ node_status: { state_change: 'NODE_UNAVAILABLE', node_names: ['worker-2', 'worker-3'] }, time: time(1) });
      call.write({ lost_events: { num_events_lost: '12' }, node_name: 'worker-1', time: time(2) });
      call.write(flow('f-1', 1500));
    };
    const { text, cursor } = await pulled(open({ address: await listen() }), from(-1), 4);

    const [connected, unavailable, lost, event] = readings(text);
    expect(connected).toEqual({ skipped: 'other' });
    expect(unavailable).toMatchObject({ lost: { lost: 2 } });
    expect(lost).toMatchObject({ lost: { lost: 12, node: 'worker-1' } });
    expect(event).toMatchObject({
      event: {
        id: 'f-1',
        timeMs: AT_MS + 1500,
        verdict: 'dropped',
        droppedByPolicy: true,
        reset: true,
        reply: false,
        protocol: 'tcp',
        node: 'worker-1',
        source: { pod: { namespace: 'shop', name: 'web-1' }, workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, address: '10.0.0.7', port: 40_000 },
        destination: { address: '203.0.113.9', port: 443, outside: true, names: ['api.example'] },
      },
    });
    expect(JSON.parse(cursor)).toMatchObject({ atMs: AT_MS + 1500 });
  });

  test('after a break the stream begins a little earlier than it ended, and losses that counted do not count again', async () => {
    answer = (call) => {
      call.write({ lost_events: { num_events_lost: '3' }, time: time(10) });
      call.write(flow(`f-${asked.length}`, 10 + asked.length));
      if (asked.length === 1) call.end();
    };
    const source = open({ address: await listen() });
    const first = await pulled(source, from(0), 2);
    await expect(source.pull(first.cursor, stopping.signal)).rejects.toThrow('Hubble Relay has ended the stream');
    const second = await pulled(source, first.cursor, 1);

    expect(asked).toEqual([AT_MS - 5000, AT_MS + 11 - 5000]);
    expect(readings(second.text)).toEqual([{ event: expect.objectContaining({ id: 'f-2' }) }]);
  });

  test('a node whose clock is ahead does not move the place ahead', async () => {
    answer = (call) => [flow('f-1', 3600_000), flow('f-2', 10)].forEach((one) => call.write(one));
    const { cursor } = await pulled(open({ address: await listen() }), from(0), 2);

    expect(JSON.parse(cursor)).toMatchObject({ atMs: NOW_MS });
  });

  test('what was taken and not kept is asked for again', async () => {
    answer = (call) => call.write(flow('f-1', 100));
    const source = open({ address: await listen() });
    await pulled(source, from(0), 1);
    await pulled(source, from(0), 1);

    expect(asked).toEqual([AT_MS - 5000, AT_MS - 5000]);
  });

  test('nothing new is nothing', async () => {
    answer = () => undefined;

    expect(await open({ address: await listen() }).pull(from(0), stopping.signal)).toBeUndefined();
  });

  test.each([
    [status.PERMISSION_DENIED, 'Hubble Relay refuses the certificate of the bot'],
    [status.UNAVAILABLE, 'Hubble Relay does not answer (UNAVAILABLE)'],
    [status.UNIMPLEMENTED, 'what answers there is no Hubble Relay'],
  ])('an answer with status %i is a fault without addresses', async (code, message) => {
    answer = (call) => call.emit('error', { code, details: '10.0.0.9 says no' });

    await expect(open({ address: await listen() }).pull(from(0), stopping.signal)).rejects.toThrow(new RegExp(`^${message.replaceAll(/[()]/g, '\\$&')}$`));
  });

  describe('with certificates of both sides', () => {
    const issue = () =>
      generate([{ name: 'commonName', value: 'localhost' }], {
        algorithm: 'sha256',
        keyType: 'ec',
        clientCertificate: { cn: 'k8ssec' },
        extensions: [
          { name: 'basicConstraints', cA: true },
          { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
          { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
        ],
      });

    test('the bot shows its own and checks that of the relay', async () => {
      const { private: key, cert, clientcert = '', clientprivate = '' } = await issue();
      answer = (call) => call.write(flow('f-1', 100));
      const address = await listen(ServerCredentials.createSsl(Buffer.from(cert), [{ private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }], true));
      const tls = { address, plaintext: false, ca: { env: 'CA' }, cert: { env: 'CERT' }, key: { env: 'KEY' } };

      const { text } = await pulled(open(tls, { CA: cert, CERT: clientcert, KEY: clientprivate }), from(0), 1);
      expect(readings(text)).toHaveLength(1);

      const other = await issue();
      await expect(open(tls, { CA: other.cert, CERT: clientcert, KEY: clientprivate }).pull(from(0), stopping.signal)).rejects.toThrow('does not answer');
    });

    test('a key that is none is refused without its text', async () => {
      const { cert } = await issue();
      const broken = open({ address: 'localhost:1', plaintext: false, ca: { env: 'CA' }, cert: { env: 'CERT' }, key: { env: 'KEY' } }, { CA: cert, CERT: cert, KEY: 'canary-key' });

      await expect(broken.pull(from(0), stopping.signal)).rejects.toThrow(/^the certificates for Hubble Relay cannot be used$/);
    });
  });
});
