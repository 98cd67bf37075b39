import { SEVERITIES, type Severity } from '#src/model/finding.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { deliver } from '#src/outbox/deliver.ts';
import { startDeliveryWorker } from '#src/queue/workers.ts';
import { countBySeverity } from '#src/scan/summarize.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { job as scanCluster } from '#jobs/scan-cluster.ts';
import { template } from '#templates/scan.ts';
import { BenchFault } from '../harness.ts';
import type { World } from './world.ts';

/** What stood in Slack in the end, and what it took. */
export interface Flood {
  readonly posts: number;
  readonly updates: number;
  readonly files: number;
  /** Calls that Slack refused because they were too many. */
  readonly refused: number;
  /** Fewest posts that tell the result of every scan and, each by itself, the findings of every severity and what could not be looked at. */
  readonly leastPosts: number;
  /** On Slack's clock, from the end of the last scan until everything stood. */
  readonly seconds: number;
}

/** Everybody of the staff is in it. */
const CHANNEL = 'sec-prod';
const QUIET_CHANNEL = 'team-shop';
const READER = 'ann';
const REPLY = /^([\d,]+) (critical|high|medium|low|info) findings? in /;

/** Scans clusters at once, delivers everything by moving the clock, and reads in Slack what was told. @throws {BenchFault} when it does not add up. */
export async function scanAndDeliver(world: World, expected: ReadonlyMap<string, ScanResult>): Promise<Flood> {
  const { slack, side, clock } = world;
  const channel = slack.control.workspace.channelId(CHANNEL);
  const starts = await side.services.scans.start([...expected.keys()].map((cluster) => ({ cluster, scope: {}, asker: { schedule: 'bench' }, channel })));
  // It stands as queued before it is edited into a result.
  await drain(world, channel);
  const run = { signal: new AbortController().signal, attempt: 1, last: true };
  await Promise.all(starts.map(({ scan }) => scanCluster.run({ scan: scan.id }, side.services, run)));
  const startedAt = clock.now().getTime();
  await drain(world, channel);
  checkTold(world, expected);
  const answered = (method: string) => slack.requests(method).filter(({ status }) => status === 200).length;
  return {
    posts: answered('chat.postMessage'),
    updates: answered('chat.update'),
    files: answered('files.completeUploadExternal'),
    refused: slack.requests().filter(({ status }) => status === 429).length,
    leastPosts: [...expected.values()].reduce((sum, result) => sum + leastPostsOf(result), 0),
    seconds: (clock.now().getTime() - startedAt) / 1000,
  };
}

function leastPostsOf({ findings, notEvaluated }: ScanResult): number {
  const severities = Object.values(countBySeverity(findings)).filter((count) => count > 0);
  return 1 + severities.length + (notEvaluated.length > 0 ? 1 : 0);
}

/** Delivers to a channel, moving the clock to each next look, until there is nothing left. */
async function drain({ deps, slack }: World, channel: string): Promise<void> {
  const { signal } = new AbortController();
  for (;;) {
    const waitMs = await deliver(channel, deps, signal);
    if (waitMs === undefined) return;
    await slack.control.clock.advance(waitMs);
  }
}

/** The replies below each result, and the rows of its file, say as many findings as there are. */
function checkTold({ slack }: World, expected: ReadonlyMap<string, ScanResult>): void {
  const reader = slack.as(READER);
  const threads = reader.messages(CHANNEL).map((message) => reader.messages(message));
  for (const [cluster, { findings }] of expected) {
    const thread = threads.find((replies) => replies.some(({ text }) => REPLY.test(text) && text.endsWith(` in ${cluster}.`))) ?? [];
    const counts = countBySeverity(findings);
    for (const severity of SEVERITIES) {
      const told = thread.filter(({ text }) => REPLY.exec(text)?.[2] === severity).map(({ text }) => Number(REPLY.exec(text)?.[1]?.replaceAll(',', '')));
      mustBe(told, counts[severity] === 0 ? [] : [counts[severity]], cluster, severity);
    }
    const rows = thread.flatMap(({ files }) => files.map(({ content }) => content.trimEnd().split('\r\n').length - 1));
    if (rows.some((count) => count !== findings.length)) throw new BenchFault(`the file about ${cluster} has ${rows.join(' and ')} rows for ${findings.length} findings`);
  }
}

function mustBe(told: readonly number[], counted: readonly number[], cluster: string, severity: Severity): void {
  if (told.join() !== counted.join()) throw new BenchFault(`Slack shows ${told.join(' and ') || 'no'} ${severity} findings of ${cluster}, and there are ${counted.join() || 'none'}`);
}

/** How many seconds after it was asked for the first message of a channel stood in Slack, while another channel has more than it can take. */
export async function firstMessageSeconds(world: World, waiting: number): Promise<number> {
  const { slack, side, deps, redis, log } = world;
  const { channelId } = slack.control.workspace;
  const worker = startDeliveryWorker((channel, signal) => deliver(channel, deps, signal), { connection: redis, prefix: QUEUE_PREFIX, concurrency: 1, scanTimeoutMs: 0, log });
  try {
    const { outbox } = side.services;
    for (let index = 0; index < waiting; index += 1) await outbox.put({ id: `flood/${index}`, channel: channelId(CHANNEL), template, data: template.samples.done });
    const quiet = channelId(QUIET_CHANNEL);
    const startedAt = performance.now();
    await outbox.put({ id: 'first', channel: quiet, template, data: template.samples.done });
    await slack.request('chat.postMessage', ({ args, status }) => args.channel === quiet && status === 200);
    return (performance.now() - startedAt) / 1000;
  } finally {
    await worker.stop();
  }
}
