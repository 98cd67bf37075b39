import { styleText } from 'node:util';
import { KNOWN_UNITS } from '#src/app/known-units.ts';
import { systemClock } from '#src/clock.ts';
import { ConfigError } from '#src/config/faults.ts';
import { loadConfig } from '#src/config/load.ts';
import { createLog } from '#src/log.ts';
import type { Arguments } from '#src/model/command.ts';
import { startApp } from '#src/app.ts';
import { ServerUnusable } from '#src/http/server.ts';
import { surroundings, type Surroundings } from '#src/app/sandbox.ts';
import { inspectRedis, redisFaults, RedisUnusable } from '#src/store/connect.ts';
import { createNotes } from './notes.ts';
import { print, type World } from './world.ts';

/** Slack refuses a token, or Redis cannot be used: it cannot run until somebody acts. */
const UNUSABLE = 4;

const TRY_THESE = ['/k8ssec scan', '/k8ssec findings --severity critical', '/k8ssec explain workload/privileged'];

/** Runs the bot until it is stopped. */
export async function start({ options }: Arguments, world: World): Promise<number> {
  const config = loadConfig({ env: world.env, flags: options, ...KNOWN_UNITS });
  const log = createLog(config.logLevel);
  const notes = createNotes(world, true);
  const around = await surroundings(config, log);
  try {
    await mayUse(around.endpoints.redisUrl, config.redisUrl !== undefined, (text) => notes.note(text));
    const ended = Promise.withResolvers<number>();
    const onFatal = (reason: string) => {
      notes.note(reason);
      ended.resolve(UNUSABLE);
    };
    const app = await startApp({ config: around.config, endpoints: around.endpoints, clock: systemClock, log, onFatal });
    world.signal.addEventListener('abort', () => ended.resolve(0), { once: true });
    if (world.signal.aborted) ended.resolve(0);
    const isConnected = await Promise.race([app.connected.then(() => true, () => false), ended.promise.then(() => false)]);
    if (isConnected && around.stir !== undefined) await around.stir(app.port).catch((error: unknown) => log.warn({ error }, 'the demo cluster could not tell what happens in it'));
    if (isConnected && around.page !== undefined) await print(world.stdout, banner(around, around.page, world));
    else if (isConnected) log.info({ port: app.port, eventsPort: app.eventsPort, role: config.role, clusters: around.endpoints.clusters.length }, 'k8ssec runs');
    const status = await ended.promise;
    await app.stop();
    return status;
  } catch (error) {
    if (error instanceof ServerUnusable) throw new ConfigError([{ name: error.setting, problem: error.message }]);
    if (!(error instanceof RedisUnusable)) throw error;
    notes.note(error.message);
    return UNUSABLE;
  } finally {
    await around.stop();
  }
}

/** @throws {RedisUnusable} on a server that would lose state; lesser faults are told. */
async function mayUse(url: string, isConfigured: boolean, tell: (text: string) => void): Promise<void> {
  const faults = redisFaults(await inspectRedis(url));
  const fatal = faults.filter((fault) => fault.fatal);
  if (fatal.length > 0) throw new RedisUnusable(fatal.map(({ text }) => text).join('; '));
  if (isConfigured) for (const { text } of faults) tell(`Redis: ${text}`);
}

/** Where to look and what to try, for somebody who has never seen this before. */
function banner({ notes }: Surroundings, page: string, { stdout, env }: World): string {
  const bold = (text: string) => (stdout.isTTY === true && env.NO_COLOR === undefined ? styleText('bold', text) : text);
  return [
    '',
    `${bold('k8ssec')} runs in its sandbox: nothing leaves this machine, and nothing is kept.`,
    '',
    `  Open   ${bold(page)}`,
    ...TRY_THESE.map((command, index) => `  ${index === 0 ? 'Try   ' : '      '} ${command}`),
    '',
    ...notes.map((note) => `  ${note}`),
    '  Slack: a stand-in; docs/configuration.md says how to connect your own workspace',
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}
