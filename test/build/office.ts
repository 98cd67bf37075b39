import { Queue as BullQueue, type Job as BullJob } from 'bullmq';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { SeenMessage } from '#src/sandbox/slack/client/seen.ts';
import { seededId } from '#src/sandbox/slack/state/seed.ts';
import { JOBS } from '#src/queue/queue.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { createPeopleStore } from '#src/store/people.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { job as reviewPeople } from '#jobs/review-people.ts';
import { CHANNEL, startBot, type Bot, type BotOptions } from './bot.ts';
import { ask, decisions, type Place } from './conversation.ts';
import { hurry } from './hurry.ts';
import { aNamespace } from './objects.ts';
import { outsideOf, type Outside } from './outside.ts';
import { until } from './queue.ts';
import { binding, role } from './rbac.ts';

const KEEP_MS = 3600_000;
const RBAC = 'rbac.authorization.k8s.io/v1';
export const REASON = 'left the company on Friday';

/** Every member of staff but the operator decides; one person more than there are seeded, so that five can. */
export const APPROVERS = ['bo', 'cy', 'dana', 'eli', 'fay'] as const;

/** Two clusters, one of them in production, people whom Slack knows, and two roles to ask for. */
export const OFFICE = `
clusters:
  - { name: prod, production: true, channel: ${seededId('channel', CHANNEL)} }
  - { name: dev, channel: ${seededId('channel', CHANNEL)} }
roles:
  viewer: ['*']
  operator: [${seededId('group', 'operators')}]
  approver: [${seededId('group', 'sec-approvers')}, ${['dana', 'eli', 'fay'].map((handle) => seededId('user', handle)).join(', ')}]
people:
  sources: [{ type: slack }]
  usernames: { prefix: 'oidc:' }
temporaryAccess:
  roles:
    - { name: view, text: look at everything but Secrets, max: 8h }
    - { name: fixer, text: change Deployments, max: 4h, sensitive: true }
`;

/** Of the seeded people who have left, and of somebody who has not. */
export const HELD = [
  aNamespace('shop'),
  role('key-reader', ['get,list secrets']),
  role('fixer', ['get,list,update apps:deployments']),
  binding('admins', 'ClusterRole/cluster-admin', ['User/oidc:dana@corp.example']),
  binding('keys-hal', 'ClusterRole/key-reader', ['User/oidc:hal@corp.example', 'User/oidc:bo@corp.example']),
  binding('view-hal', 'ClusterRole/view', ['User/oidc:hal@corp.example', 'Group/dev'], 'shop'),
  binding('keys-ivy', 'ClusterRole/key-reader', ['User/oidc:ivy@corp.example'], 'shop'),
];

export interface Office {
  readonly bot: Bot;
  readonly outside: Outside;
  /** As it is stored. */
  readonly request: (id: string) => Promise<ApprovalRequest>;
  /** Waits until it stands so. */
  readonly becomes: (id: string, state: ApprovalRequest['state']) => Promise<ApprovalRequest>;
  /** What the log of decisions says of it, once all that has happened stands there. */
  readonly logOf: (id: string) => Promise<readonly DecisionEntry[]>;
  /** Moves the bot's clock, and has it look at what is due then, as it does by itself twice a minute. */
  readonly pass: (ms: number) => Promise<void>;
  /** Has it look at what is due. */
  readonly tend: () => Promise<void>;
  /** Jobs of a request that wait for their time: to be tried again, or to end it. */
  readonly waitingJobs: (id: string) => Promise<readonly BullJob[]>;
  /** Names of the subjects of a binding; undefined when there is none. */
  readonly subjects: (name: string, namespace?: string) => readonly string[] | undefined;
  readonly stop: () => Promise<void>;
}

/** A bot with an {@link OFFICE}, to which Slack has told who is there. Messages do not wait for their turn. */
export async function openOffice({ hurries = true, ...options }: BotOptions & { readonly hurries?: boolean } = {}): Promise<Office> {
  const bot = await startBot({ objects: HELD, file: OFFICE, contexts: ['prod', 'dev'], ...options, slack: { patienceMs: 10_000, people: [{ handle: 'fay', realName: 'Fay Approver' }], ...options.slack } });
  const outside = outsideOf(bot);
  const endHurry = hurries ? hurry(bot, { jobs: false }) : () => Promise.resolve();
  bot.slack.control.rates.enabled = false;
  bot.slack.control.workspace.join(CHANNEL, 'fay');
  const jobs = new BullQueue(JOBS, { connection: outside.redis, prefix: QUEUE_PREFIX });
  // Tests that end Redis mean it.
  jobs.on('error', () => undefined);
  const requests = createRequestStore(outside.redis, KEEP_MS);
  const request = async (id: string) => {
    const found = await requests.get(id);
    if (found === undefined) throw new Error(`there is no request ${id}`);
    return found;
  };
  const tend = async () => (await bot.replica({ K8SSEC_ROLE: 'worker', K8SSEC_CONCURRENCY: '1' })).stop();
  if (options.start !== false) await meetPeople(outside);
  return {
    bot,
    outside,
    request,
    tend,
    async becomes(id, state) {
      await until(async () => (await request(id)).state === state);
      return request(id);
    },
    async logOf(id) {
      await until(async () => {
        const { logged, journal } = await request(id);
        return logged >= journal.length;
      });
      return (await decisions(bot)).filter((entry) => 'request' in entry && entry.request === id);
    },
    waitingJobs: async (id) => (await jobs.getDelayed()).filter(({ id: name }) => name?.includes(id)),
    async pass(ms) {
      bot.clock.skip(ms);
      await tend();
    },
    subjects(name, namespace) {
      const found = bot.kube.objects.get({ apiVersion: RBAC, kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding', name, ...(namespace !== undefined && { namespace }) });
      return found && ((found.subjects ?? []) as readonly { readonly name: string }[]).map((subject) => subject.name);
    },
    async stop() {
      bot.kube.faults.clear();
      await endHurry();
      await jobs.close();
      await outside.close();
      await bot.stop();
    },
  };
}

/** Asks all sources of people, as every day. */
export async function meetPeople({ queues, redis }: Outside): Promise<void> {
  await queues.add({ job: reviewPeople, payload: {}, id: 'review-people-test' });
  await until(async () => (await createPeopleStore(redis).get('slack'))?.whole !== undefined);
}

/** Asks for something and reads its id in the answer. */
export async function asked(bot: Bot, text: string, place?: Place): Promise<string> {
  const { words } = await ask(bot, text, place);
  const id = /^`(r\w{5})` /m.exec(words)?.[1];
  if (id === undefined) throw new Error(`nothing was asked for: ${words}`);
  return id;
}

/** The message of a request in its channel, once it says so. */
export function messageOf({ slack }: Bot, id: string, says = /./): Promise<SeenMessage> {
  return slack.as('ann').sees(CHANNEL, ({ isEphemeral, threadTs, words }) => !isEphemeral && threadTs === undefined && words.includes(`\`${id}\` · `) && says.test(words));
}
