import type { Config } from '#src/config/config.ts';
import type { SlackClients } from '#src/slack/clients.ts';
import { namedPeople, type Place } from '../named-people.ts';
import type { LookUp } from './look-up.ts';
import { reasonOf } from './slack-reason.ts';
import type { Verdict } from './verdict.ts';

const about = 'Slack';

/** Whether the channels can be posted in, and the people and groups are there. */
export async function* examineNames(config: Config, clients: SlackClients, lookUp: LookUp): AsyncGenerator<Verdict> {
  for (const id of channelsOf(config)) {
    const verdict = await channelVerdict(clients, id, config.sharedChannels.includes(id));
    if (verdict !== undefined) yield verdict;
  }
  for (const [id, place] of namedPeople(config)) {
    const verdict = await memberVerdict(lookUp, id, place);
    if (verdict !== undefined) yield verdict;
  }
}

function channelsOf({ channel, digests, clusters, approvals }: Config): ReadonlySet<string> {
  const own = clusters.from === 'named' ? clusters.clusters.map((cluster) => cluster.channel) : [];
  return new Set([channel, ...own, ...digests.map((digest) => digest.channel), approvals.channel].filter((id) => id !== undefined));
}

async function channelVerdict({ interactive }: SlackClients, id: string, mayBeShared: boolean): Promise<Verdict | undefined> {
  try {
    const { channel } = await interactive.conversations.info({ channel: id });
    if (channel?.is_archived) return { level: 'fail', about, text: `the channel ${id} is archived. Choose another one.` };
    if (channel?.is_member === false) return { level: 'fail', about, text: `the bot is not in the channel ${id}. Type /invite @k8ssec there.` };
    const isShared = channel?.is_ext_shared === true || channel?.is_pending_ext_shared === true;
    if (isShared && !mayBeShared) return { level: 'fail', about, text: `the channel ${id} is shared with another organisation. Choose another one, or allow it under slack.sharedChannels.` };
    return undefined;
  } catch (error) {
    return { level: 'fail', about, text: `the channel ${id} cannot be looked up: ${reasonOf(error)}. Invite the bot there, or correct the id.` };
  }
}

async function memberVerdict(lookUp: LookUp, id: string, { gives, section }: Place): Promise<Verdict | undefined> {
  const found = await lookUp(id);
  if ('notAllowed' in found) return undefined;
  if ('unknown' in found) return { level: 'warn', about, text: `${id} ${gives}, but cannot be looked up: ${found.unknown}. Correct it under ${section}.` };
  return found.problem === undefined ? undefined : { level: 'warn', about, text: `${id} ${gives}, but ${found.problem}. Remove it under ${section}.` };
}
