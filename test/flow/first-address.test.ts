import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { RunningApp } from '#src/app.ts';
import { CHANNEL, type Bot } from '#test/build/bot.ts';
import { eventList, execEvent, sendEvents } from '#test/build/events.ts';
import { aNamespace } from '#test/build/objects.ts';
import { meetPeople, OFFICE, openOffice, type Office } from '#test/build/office.ts';

jest.setTimeout(60_000);

const TOKEN = 'k8ssec-canary-token-of-addresses';
const FILE = `${OFFICE}
events:
  - cluster: prod
    audit: { token: { env: K8SSEC_TEST_ADDRESS_TOKEN } }
    minSeverity: medium
`;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;

let office: Office;
let bot: Bot;
let app: RunningApp;
let sent = 0;

beforeAll(async () => {
  process.env.K8SSEC_TEST_ADDRESS_TOKEN = TOKEN;
  office = await openOffice({ objects: [aNamespace('shop')], file: FILE, start: false });
  ({ bot } = office);
  app = await bot.replica();
  await meetPeople(office.outside);
});

afterAll(async () => {
  delete process.env.K8SSEC_TEST_ADDRESS_TOKEN;
  await office.stop();
});

function lookEvent(address: string, atMs: number): object {
  const at = new Date(atMs).toISOString();
  return {
    ...{ auditID: `look-${(sent += 1)}`, level: 'Metadata', stage: 'ResponseComplete', verb: 'list', requestURI: '/api/v1/namespaces/shop/pods', requestReceivedTimestamp: at, stageTimestamp: at },
    ...{ user: { username: 'oidc:ann@corp.example', groups: ['system:authenticated'] }, sourceIPs: [address], objectRef: { resource: 'pods', namespace: 'shop', apiVersion: 'v1' }, responseStatus: { code: 200 } },
  };
}

async function send(...events: readonly object[]): Promise<void> {
  expect((await sendEvents(app.port, 'prod/audit', { body: eventList(...events), token: TOKEN })).status).toBe(200);
}

describe('flow: first address', () => {
  test('after a day of learning a person is asked about a network that is new, once, and never about the usual one', async () => {
    const beginMs = bot.clock.now().getTime();
    await send(execEvent({ id: 'exec', at: new Date(beginMs).toISOString(), user: 'oidc:ann@corp.example', pod: 'web-0' }));
    await bot.slack.as('bo').sees(CHANNEL, ({ words }) => words.includes('web-0'));
    bot.clock.skip((DAY_MINUTES + 60) * MINUTE_MS);
    const minutes = Array.from({ length: DAY_MINUTES + 1 }, (_, index) => lookEvent('203.0.113.8', beginMs + index * MINUTE_MS));
    await send(...minutes.slice(0, 700));
    await send(...minutes.slice(700));
    const now = bot.clock.now().getTime();
    await send(lookEvent('203.0.113.9', now), lookEvent('198.51.100.7', now), lookEvent('198.51.100.8', now));

    const question = await bot.slack.as('ann').sees('dm', ({ words }) => words.startsWith('Was this you?') && words.includes('198.51.100.7'));
    expect(question.words).toContain('came from a network that it was not seen in before');
    const told = await bot.slack.as('bo').sees(CHANNEL, ({ words }) => words.includes('the first time from 198.51.100.0/24'));
    expect(told.words).not.toContain('203.0.113');
  });
});
