import { createHmac, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Buttons, StoredButton } from '#src/model/slack-stores.ts';
import { keys } from './keys.ts';

export function createButtons(redis: Redis, keepMs: number): Buttons {
  let secret: string | undefined;
  return {
    async issue(button) {
      secret ??= await sharedSecret(redis);
      const content = JSON.stringify(button);
      const token = createHmac('sha256', secret).update(content).digest('base64url').slice(0, 27);
      await redis.set(keys.button(token), content, 'PX', keepMs);
      return token;
    },
    async resolve(token) {
      const content = /^[\w-]{27}$/.test(token) ? await redis.get(keys.button(token)) : null;
      return content === null ? undefined : (JSON.parse(content) as StoredButton);
    },
  };
}

/** Made by whichever replica comes first. */
async function sharedSecret(redis: Redis): Promise<string> {
  const mine = randomBytes(32).toString('base64url');
  await redis.set(keys.buttonSecret(), mine, 'NX');
  return (await redis.get(keys.buttonSecret())) ?? mine;
}
