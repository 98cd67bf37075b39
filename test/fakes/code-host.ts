import type { Repository } from '#src/model/repositories.ts';
import type { RepositorySettings } from '#src/model/repository-settings.ts';
import { readSettings, type Departed } from '#src/repositories/settings.ts';
import { createSourceDeps, type FakeSourceDeps } from './people/deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpReply } from './people/server.ts';

/** What a code host answers, by path and query as they are asked for; a number is a refusal. */
export type Answers = Readonly<Record<string, unknown>>;

interface SettingsRead {
  readonly settings: RepositorySettings;
  readonly asked: readonly HttpAsked[];
  readonly deps: FakeSourceDeps;
}

interface ReadOptions {
  readonly departed?: Departed;
  readonly answer?: (asked: HttpAsked, url: string) => HttpReply | undefined;
  readonly more?: Partial<Repository>;
}

/** Reads the settings of acme/shop once from a stand-in that knows these answers; what it does not know is 404. */
export async function readOnce(host: Repository['host'], answers: Answers, { departed = new Map(), answer = () => undefined, more = {} }: ReadOptions = {}): Promise<SettingsRead> {
  const server = await startHttpStandIn((asked, url) => {
    const own = answer(asked, url);
    if (own !== undefined) return own;
    const key = `${asked.path}${asked.query.size > 0 ? `?${asked.query.toString()}` : ''}`;
    const body = answers[key] ?? answers[asked.path];
    if (body === undefined) return undefined;
    return typeof body === 'number' ? { status: body, body: { message: 'canary-3f9c' } } : { body };
  });
  const deps = createSourceDeps({ TOKEN: 'canary-token' });
  try {
    const repository: Repository = { name: 'acme/shop', host, url: server.url, token: { env: 'TOKEN' }, channel: undefined, schedule: 'off', timeZone: 'UTC', ...more };
    return { settings: await readSettings(repository, { deps, signal: new AbortController().signal, departed }), asked: server.asked, deps };
  } finally {
    await server.stop();
  }
}
