import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, stat } from 'node:fs/promises';
import { createConnection, type NetConnectOpts } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { describeRedis, startRedis } from '#src/sandbox/redis/redis.ts';
import { onEveryRedis, onRealRedis } from '#test/build/redis.ts';

const EVAL = ['--conditions=source', '--input-type=module', '--eval'];

describe('src/sandbox/redis/redis.ts', () => {
  onEveryRedis(({ redis, server }) => {
    test('answers at its address, and says what it is in words', async () => {
      const { kind, version, persistent } = server();

      expect(await redis().ping()).toBe('PONG');
      expect(version).toMatch(/^\d+\.\d+/);
      expect(persistent).toBe(kind !== 'embedded');
      expect(describeRedis(server())).toContain(kind === 'embedded' ? 'in memory' : `${kind} ${version}`);
    });

    test('refuses commands that the oldest supported Redis does not know', async () => {
      await redis().hset('hash', 'field', '1');

      await expect(redis().call('HGETF', 'hash', 'FIELDS', '1', 'field')).rejects.toThrow(/unknown command/i);
    });

    test('comes back at the same address after a crash, with its data where it keeps any', async () => {
      await redis().set('key', 'kept');

      await server().kill();
      await server().restart();

      expect(await redis().get('key')).toBe(server().persistent ? 'kept' : null);
    });

    test('can be restarted while it runs', async () => {
      await redis().set('key', 'kept');

      await server().restart();

      expect(await redis().get('key')).toBe(server().persistent ? 'kept' : null);
    });
  });

  test('the embedded one gives nothing to a connection that broke off while it waited', async () => {
    const server = await startRedis({ kind: 'embedded' });
    const [here, gone] = [new Redis(server.url), new Redis(server.url)];
    try {
      await gone.ping();
      gone.bzpopmin('list', 60).catch(() => undefined);
      await here.ping();
      gone.disconnect();
      while (String(await here.client('LIST')).trim().split('\n').length > 1) await here.ping();

      await here.zadd('list', 1, 'job');

      expect(await here.bzpopmin('list', 60)).toContain('job');
    } finally {
      here.disconnect();
      await server.stop();
    }
  });

  onRealRedis(({ redis, server }) => {
    test('keeps what it is told: no eviction, an append-only file, and a socket that only this user can enter', async () => {
      const setting = async (name: string) => JSON.stringify(await redis().config('GET', name));

      expect(await setting('maxmemory-policy')).toContain('"noeviction"');
      expect(await setting('appendonly')).toContain('"yes"');
      expect((await stat(dirname(server().url))).mode & 0o077).toBe(0);
    });

    test('leaves neither a process nor data behind when it is stopped', async () => {
      const own = await startRedis();

      await own.stop();

      await expect(access(dirname(own.url))).rejects.toThrow('ENOENT');
      await expect(answerTo('PING\r\n', { path: own.url })).rejects.toThrow('ENOENT');
    });

    test.each(['SIGKILL', 'SIGTERM'] as const)('ends with the process that started it, also by %s', async (signal) => {
      const script = `import { startRedis } from '#src/sandbox/redis/redis.ts'; console.log((await startRedis()).url); setInterval(() => {}, 1000);`;
      const parent = spawn(process.execPath, [...EVAL, script], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const url = line.toString().trim();
      expect(await answerTo('PING\r\n', { path: url })).toBe('+PONG\r\n');

      parent.kill(signal);
      await once(parent, 'exit');

      await untilGone(dirname(url));
      await expect(answerTo('PING\r\n', { path: url })).rejects.toThrow('ENOENT');
    });
  });

  test('is the embedded one where no server is installed, and says what is missing when one is asked for by name', async () => {
    const script = `import { startRedis } from '#src/sandbox/redis/redis.ts';
      const { kind, stop } = await startRedis();
      await stop();
      console.log(kind, await startRedis({ kind: 'valkey-server' }).catch((error) => error.message));`;

    const { stdout } = await promisify(execFile)(process.execPath, [...EVAL, script], { env: { PATH: '/nowhere' } });

    expect(stdout.trim()).toBe('embedded There is no valkey-server on PATH that is new enough.');
  });

  test('the embedded one is reached from this machine alone, and with its password', async () => {
    const { url, stop } = await startRedis({ kind: 'embedded' });
    const { hostname, port } = new URL(url);
    try {
      expect(hostname).toBe('127.0.0.1');
      expect(await answerTo('GET key\r\n', { host: hostname, port: Number(port) })).toMatch(/^-NOAUTH/);
      for (const address of ownAddresses()) await expect(answerTo('PING\r\n', { host: address, port: Number(port) })).rejects.toThrow('ECONNREFUSED');
    } finally {
      await stop();
    }
  });
});

async function answerTo(command: string, address: NetConnectOpts): Promise<string> {
  const connection = createConnection(address);
  connection.write(command);
  const [answer] = (await once(connection, 'data')) as [Buffer];
  connection.destroy();
  return answer.toString();
}

/** Of this machine in its networks. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address));
}

/** Bounded by the test's own timeout. */
async function untilGone(path: string): Promise<void> {
  while (await access(path).then(() => true, () => false)) await new Promise((resolve) => setTimeout(resolve, 10));
}
