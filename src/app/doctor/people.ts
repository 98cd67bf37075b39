import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '#src/config/config.ts';
import type { ConfiguredSource } from '#src/config/people-sources.ts';
import type { Clock } from '#src/model/clock.ts';
import { SourceFailed, type SourceDeps, type SourceFault } from '#src/model/people.ts';
import { createSlackMembers } from '#src/slack/members.ts';
import { sourceDeps } from '../people.ts';
import type { ReachedSlack } from './slack.ts';
import type { Verdict } from './verdict.ts';

const about = 'People';
const LISTING_MS = 60_000;
const SLACK = 'slack';

const ADVICE: Readonly<Record<SourceFault, string>> = {
  refused: 'Check its secret.',
  forbidden: 'Give its account that right.',
  busy: 'Try again later.',
  unreachable: 'Check its settings and the network.',
  garbled: 'Check its settings; docs/people-sources.md says what it reads.',
  empty: 'Check its settings; docs/people-sources.md says what it reads.',
};

/** Asks every source of people for its list. */
export async function* examinePeople({ people: { sources, access }, slack: { mode } }: Config, clock: Clock, slack: ReachedSlack | undefined): AsyncGenerator<Verdict> {
  if (sources.length === 0) {
    const text = mode === 'sandbox' ? 'no source of people is configured: those of the sandbox chat are used' : 'no source of people is configured, so nobody can be told to have left';
    yield { level: 'note', about, text: `${text}. Name one under people.sources; docs/people-sources.md lists them.` };
  }
  const deps = sourceDeps(clock, slack === undefined ? undefined : createSlackMembers(slack.clients.bulk, (ms, signal) => delay(ms, undefined, { signal })));
  for (const source of sources) yield await sourceVerdict(source, deps);
  const hasSlack = sources.some(({ type }) => type.name === SLACK) || (mode === 'sandbox' && sources.length === 0);
  if (access.temporaryRoles.length > 0 && !hasSlack) {
    yield { level: 'warn', about, text: 'nobody can be given a role for a time: only a source of the type slack tells whose Slack account is whose. Add one under people.sources.' };
  }
}

async function sourceVerdict({ type, name, settings }: ConfiguredSource, deps: SourceDeps): Promise<Verdict> {
  const signal = AbortSignal.timeout(LISTING_MS);
  try {
    const { people } = await type.create(settings, name, deps).list(signal);
    const count = people.filter(({ state, kind }) => state !== 'departed' && kind !== 'bot').length;
    return { level: 'ok', about, text: `${name}: ${count.toLocaleString('en-US')} ${count === 1 ? 'person' : 'people'}` };
  } catch (error) {
    if (error instanceof SourceFailed) return { level: 'warn', about, text: `${name}: ${error.fault}: ${error.message}, so nobody is told by it to have left. ${ADVICE[error.fault]}` };
    if (signal.aborted) return { level: 'warn', about, text: `${name}: did not answer within ${LISTING_MS / 1000} s. ${ADVICE.unreachable}` };
    throw error;
  }
}
