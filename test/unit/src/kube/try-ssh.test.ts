import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { trySsh } from '#src/kube/try-ssh.ts';

const HERE = '127.0.0.1';
const signal = new AbortController().signal;

let ends: (() => Promise<void>)[] = [];

/** Port of a server that does this with whoever comes. */
async function listening(greet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    greet(socket);
  });
  server.listen(0, HERE);
  await once(server, 'listening');
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
  });
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});

describe('src/kube/try-ssh.ts', () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ['greets as SSH servers do', (socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'), 'ssh'],
    ['greets otherwise', (socket) => socket.write('220 mail.example ESMTP\r\n'), 'open'],
    ['hangs up', (socket) => socket.end(), 'open'],
    ['says nothing', () => undefined, 'open'],
  ])('tells a port that %s', async (_, greet, answer) => {
    const port = await listening(greet);

    expect([...(await trySsh([HERE], signal, { port, greetingMs: 100 }))]).toEqual([[HERE, answer]]);
  });

  test('sends nothing', async () => {
    const sent: Buffer[] = [];
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const port = await listening((socket) => {
      socket.on('data', (data) => sent.push(data)).on('close', () => resolve());
      socket.write('SSH-2.0-x\r\n');
    });
    await trySsh([HERE], signal, { port });
    await gone;

    expect(sent).toEqual([]);
  });

  test('tells a port that nobody listens on', async () => {
    const port = await listening(() => undefined);
    await ends.pop()?.();

    expect((await trySsh([HERE], signal, { port })).get(HERE)).toBe('closed');
  });

  test('tells what is no address that it has a way to', async () => {
    expect((await trySsh(['no-such-host.invalid'], signal, { port: 1 })).get('no-such-host.invalid')).toBe('failed');
  });

  test('ends when the scan does', async () => {
    const port = await listening(() => undefined);
    const abort = new AbortController();
    const trying = trySsh([HERE], abort.signal, { port });
    abort.abort(new Error('the scan was canceled'));

    await expect(trying).rejects.toThrow();
  });

  test('tries nobody where there is no address', async () => {
    expect((await trySsh([], signal)).size).toBe(0);
  });
});
