import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { attachSession, createRedisCommandExecutor, RedisServerState, SocketConnectionTransport } from 'js-redis-server/core';
import type { SandboxRedis } from './sandbox-redis.ts';

/** The oldest commands that the bot may use: newer ones are refused here as well. */
const COMPATIBILITY = 'redis-7.0';
/** By itself the package would listen to the whole network. */
const HOST = '127.0.0.1';

/** A Redis in JavaScript within this process: enough for a few hundred jobs, and gone with the process. */
export async function startEmbedded(): Promise<SandboxRedis> {
  const password = randomBytes(16).toString('hex');
  let running = await listen(password, 0);
  const { port } = running;
  return {
    url: `redis://:${password}@${HOST}:${port}`,
    kind: 'embedded',
    version: '7.0',
    persistent: false,
    stop: () => running.end(),
    kill: () => running.end(),
    async restart() {
      await running.end();
      running = await listen(password, port);
    },
  };
}

interface Running {
  readonly port: number;
  readonly end: () => Promise<void>;
}

async function listen(password: string, port: number): Promise<Running> {
  const state = new RedisServerState({ requirepass: password, compatibility: COMPATIBILITY });
  const executor = createRedisCommandExecutor({ compatibility: COMPATIBILITY });
  const connections = new Set<Socket>();
  // Without `noDelay` the second of two answers waits 40 ms for the acknowledgement of the first.
  const server = createServer({ noDelay: true }, (socket) => {
    const { session } = attachSession(new SocketConnectionTransport(socket), { state, executor });
    connections.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      // The package alone would let a command that waits go on waiting, and take what is meant for somebody who is still there.
      session.close();
    });
  });
  server.listen({ host: HOST, port });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async end() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of connections) socket.destroy();
      await closed;
      state.close();
    },
  };
}
