import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { PeopleConfig } from '#src/config/config.ts';
import type { Clock } from '#src/model/clock.ts';
import type { People, SourceReport } from '#src/model/people-service.ts';
import type { PeopleStore } from '#src/model/people-store.ts';
import type { RequestStore } from '#src/model/request-store.ts';
import { SourceFailed, type PeopleSource, type SecretRef, type SourceDeps } from '#src/model/people.ts';
import { joinPeople } from '#src/people/departures.ts';
import { withRulings } from '#src/people/rulings.ts';
import { DEFAULT_STALE_AFTER_MS, sourceHealth } from '#src/people/source-health.ts';
import { syncSource } from '#src/people/sync.ts';

export interface PeopleDeps {
  readonly config: Pick<PeopleConfig, 'sources' | 'shrinkLimitPercent'>;
  readonly store: PeopleStore;
  readonly rulings: RequestStore['rulings'];
  readonly clock: Clock;
  readonly slackMembers: SourceDeps['slackMembers'];
}

export function createPeople({ config, store, rulings, clock, slackMembers }: PeopleDeps): People {
  const deps = sourceDeps(clock, slackMembers);
  const sources = config.sources.map(({ type, name, settings }) => type.create(settings, name, deps));

  const report = async (source: PeopleSource, departed: number): Promise<SourceReport> => {
    const { ok, text } = sourceHealth(source.name, await store.get(source.name), clock.now(), DEFAULT_STALE_AFTER_MS);
    return { source: source.name, ok, text, departed };
  };
  return {
    isConfigured: sources.length > 0,
    async all() {
      const known = await Promise.all(sources.map(async ({ name, authority }) => ({ source: name, authority, snapshot: await store.get(name) })));
      return withRulings(joinPeople(known, clock.now(), DEFAULT_STALE_AFTER_MS), await rulings());
    },
    async stateNow({ testimonies }, signal) {
      const asked = testimonies.flatMap(({ source: name, person: { id, state } }) => {
        const source = state === 'active' ? undefined : sources.find((candidate) => candidate.name === name);
        return source?.find === undefined ? [] : [{ name, find: source.find, id, told: state }];
      });
      return Promise.all(asked.map(async ({ name, find, id, told }) => ({ source: name, told, person: await find(id, signal) })));
    },
    async sync(signal, which) {
      const known = await store.all(sources.map(({ name }) => name));
      const isMeant = ({ name }: PeopleSource): boolean => {
        if (which === undefined) return true;
        return which === 'never-asked' ? !known.some(({ source }) => source === name) : which.source === name;
      };
      return Promise.all(
        sources.filter(isMeant).map(async (source) => {
          const result = await syncSource(source, store, config, clock, signal);
          return report(source, result?.kind === 'ok' ? result.departed.length : 0);
        }),
      );
    },
    health: () => Promise.all(sources.map((source) => report(source, 0))),
  };
}

/** The world as sources may use it. */
export function sourceDeps(clock: Clock, slackMembers: SourceDeps['slackMembers']): SourceDeps {
  return { clock, secret: readSecret, wait: (ms, signal) => delay(ms, undefined, { signal }), ...(slackMembers && { slackMembers }) };
}

/** @throws {SourceFailed} when it is missing, or cannot be read. */
export async function readSecret(ref: SecretRef): Promise<string> {
  const [where, value] = 'env' in ref ? [`the environment variable ${ref.env}`, process.env[ref.env]] : [`the file ${ref.file}`, await readFile(ref.file, 'utf8').catch(absent(ref.file))];
  const secret = value?.trim();
  if (!secret) throw new SourceFailed('refused', `its secret is missing: ${where} ${value === undefined ? 'is not there' : 'is empty'}`);
  return secret;
}

/** A file that is there and cannot be read is no missing one: rights are to be mended then. */
function absent(file: string): (error: NodeJS.ErrnoException) => undefined {
  return ({ code, message }) => {
    if (code !== 'ENOENT') throw new SourceFailed('refused', `its secret cannot be read: the file ${file}: ${code ?? message}`);
    return undefined;
  };
}
