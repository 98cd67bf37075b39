import { proofProblem } from '#src/app/events/proofs.ts';
import type { Config } from '#src/config/config.ts';
import { FEEDS } from '#src/model/event-intake.ts';
import type { Verdict } from './verdict.ts';

/** Whether what senders of events have to show is there, so that anybody can send. Says nothing where nothing is sent. */
export async function* examineEvents({ events }: Pick<Config, 'events'>): AsyncGenerator<Verdict> {
  const about = 'Events';
  const sent = events.flatMap(({ cluster, senders }) => FEEDS.flatMap((feed) => (senders[feed] === undefined ? [] : [{ name: `${cluster} ${feed}`, settings: senders[feed] }])));
  const problems = await Promise.all(sent.map(({ settings }) => proofProblem(settings)));
  for (const [index, problem] of problems.entries()) if (problem !== undefined) yield { level: 'warn', about, text: `${sent[index]?.name ?? ''}: ${problem}. It is looked for again with each request.` };
  if (sent.length > 0 && problems.every((problem) => problem === undefined)) yield { level: 'ok', about, text: 'what senders have to show is there for every feed that is sent' };
}
