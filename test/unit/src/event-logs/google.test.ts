import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { jwtVerify } from 'jose';
import { createGooglePull } from '#src/event-logs/google.ts';
import { createEventReader } from '#src/events/read.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';

const NEVER = new AbortController().signal;
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const KEY = JSON.stringify({ client_email: 'reader@p.iam.gserviceaccount.com', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) });
const FILTER = 'resource.type="k8s_cluster" AND resource.labels.cluster_name="prod"';
const FROM = JSON.stringify({ fromMs: Date.parse('2026-11-23T07:30:00Z') });

/** An entry as Cloud Logging has it. */
const entry = (name: string) => ({
  protoPayload: {
    '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
    authenticationInfo: { principalEmail: 'ann@corp.example' },
    methodName: 'io.k8s.core.v1.pods.exec.create',
    requestMetadata: { callerIp: '203.0.113.7' },
    resourceName: `core/v1/namespaces/shop/pods/${name}/exec`,
    serviceName: 'k8s.io',
    status: {},
  },
  insertId: name,
  timestamp: '2026-11-23T07:31:00.000Z',
  logName: 'projects/p-1/logs/cloudaudit.googleapis.com%2Factivity',
  operation: { id: name, first: true, last: true, producer: 'k8s.io' },
});

describe('src/event-logs/google.ts', () => {
  let deps: FakeSourceDeps;
  let server: HttpStandIn;
  let pages: Record<string, object>;

  async function answer(asked: HttpAsked, url: string): Promise<HttpReply | undefined> {
    if (asked.path === '/token') {
      const { payload } = await jwtVerify(new URLSearchParams(asked.body).get('assertion') ?? '', publicKey, { audience: `${url}/token`, issuer: 'reader@p.iam.gserviceaccount.com', currentDate: deps.clock.now() });
      return payload.scope === 'https://www.googleapis.com/auth/logging.read' && payload.sub === undefined ? { body: { access_token: 'granted' } } : { status: 400 };
    }
    if (asked.path !== '/v2/entries:list' || asked.headers.authorization !== 'Bearer granted') return { status: 403 };
    const { pageToken = '' } = JSON.parse(asked.body) as { readonly pageToken?: string };
    return { body: pages[pageToken] ?? {} };
  }

  beforeEach(async () => {
    deps = createSourceDeps({ KEY });
    pages = {};
    server = await startHttpStandIn(answer);
  });
  afterEach(() => server.stop());

  const open = (key = 'KEY') => createGooglePull({ project: 'p-1', filter: FILTER, key: { env: key }, url: server.url, tokenUrl: `${server.url}/token` }, deps);
  const asked = () => server.asked.filter(({ path }) => path !== '/token').map(({ body }) => JSON.parse(body) as object);

  test('it begins with what is written from now on, and asks nothing for that', async () => {
    expect(await open().pull(undefined, NEVER)).toEqual({ text: '', cursor: JSON.stringify({ fromMs: deps.clock.now().getTime() - 60_000 }) });
    expect(server.asked).toEqual([]);
  });

  test('a span is read page by page, with one token, and as the audit log reads it', async () => {
    pages = { '': { entries: [entry('web-0')], nextPageToken: 'p2' }, p2: { entries: [entry('web-1')] } };
    const source = open();
    const first = await source.pull(FROM, NEVER);
    const second = await source.pull(first?.cursor, NEVER);

    const span = `(${FILTER}) AND timestamp>="2026-11-23T07:30:00.000Z" AND timestamp<"2026-11-23T07:59:00.000Z"`;
    expect(asked()).toEqual([
      { resourceNames: ['projects/p-1'], filter: span, orderBy: 'timestamp asc', pageSize: 1000 },
      { resourceNames: ['projects/p-1'], filter: span, orderBy: 'timestamp asc', pageSize: 1000, pageToken: 'p2' },
    ]);
    expect(server.asked.filter(({ path }) => path === '/token')).toHaveLength(1);
    expect(second?.cursor).toBe(JSON.stringify({ fromMs: Date.parse('2026-11-23T07:59:00Z') }));
    const reader = createEventReader('audit');
    const events = [first?.text, second?.text].flatMap((text) => reader.read(JSON.parse(text ?? '')));
    expect(events).toEqual(['web-0', 'web-1'].map((name) => ({ event: expect.objectContaining({ user: expect.objectContaining({ name: 'ann@corp.example' }), target: expect.objectContaining({ name, namespace: 'shop' }) }) })));
    expect(await source.pull(second?.cursor, NEVER)).toBeUndefined();
  });

  test('a long time is read hour by hour, and an hour without entries moves on', async () => {
    const from = Date.parse('2026-11-22T08:00:00Z');

    expect(await open().pull(JSON.stringify({ fromMs: from }), NEVER)).toEqual({ text: '', cursor: JSON.stringify({ fromMs: from + 3600_000 }) });
  });

  test('a key that is none is refused without its text', async () => {
    deps = createSourceDeps({ BROKEN: '{"client_email":"a@b.c","private_key":"canary"}' });

    await expect(open('BROKEN').pull(FROM, NEVER)).rejects.toThrow(/^the key of the service account for Google Cloud Logging cannot be used: it must be the JSON file that Google gives$/);
  });
});
