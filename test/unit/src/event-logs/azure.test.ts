import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAzurePull } from '#src/event-logs/azure.ts';
import { createEventReader } from '#src/events/read.ts';
import type { AzureTable } from '#src/model/event-intake.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';

const NEVER = new AbortController().signal;
const RESOURCE = '/subscriptions/s-1/resourceGroups/rg-prod/providers/Microsoft.ContainerService/managedClusters/prod';
const WORKSPACE = '1a2b3c4d-0000-4000-8000-00000000000a';
const FROM = JSON.stringify({ fromMs: Date.parse('2026-11-23T07:30:00Z') });

/** An event as Azure makes it of the columns of AKSAudit: what is empty is null. */
const LINE = JSON.stringify({
  kind: 'Event',
  level: 'Metadata',
  auditID: 'a-1',
  stage: 'ResponseStarted',
  requestURI: '/api/v1/namespaces/shop/pods/web-0/exec?command=id&container=web',
  verb: 'create',
  user: { username: 'masterclient', groups: ['system:masters', 'system:authenticated'] },
  sourceIPs: ['203.0.113.7'],
  userAgent: 'kubectl/v1.34.2',
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web-0', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 101 },
  requestObject: null,
  responseObject: null,
  requestReceivedTimestamp: '2026-11-23T07:31:00.1234560Z',
  stageTimestamp: '2026-11-23T07:31:00.2234560Z',
  annotations: { 'authorization.k8s.io/decision': 'allow' },
});

/** As the API of Log Analytics answers. */
function answerOf(lines: readonly (string | null)[], more: object = {}): HttpReply {
  return { body: { tables: [{ name: 'PrimaryResult', columns: [{ name: 'Line', type: 'string' }], rows: lines.map((line) => [line]) }], ...more } };
}

describe('src/event-logs/azure.ts', () => {
  let deps: FakeSourceDeps;
  let server: HttpStandIn;
  let replies: HttpReply[];

  beforeEach(async () => {
    deps = createSourceDeps({ CLIENT_SECRET: 'canary-secret' });
    replies = [];
    server = await startHttpStandIn((asked: HttpAsked, url): HttpReply => {
      if (asked.path === '/example.com/oauth2/v2.0/token') {
        const form = Object.fromEntries(new URLSearchParams(asked.body));
        return form.client_secret === 'canary-secret' && form.client_id === 'c-1' && form.scope === `${url}/.default` ? { body: { access_token: 'granted' } } : { status: 401 };
      }
      if (asked.path !== `/v1/workspaces/${WORKSPACE}/query` || asked.headers.authorization !== 'Bearer granted') return { status: 403 };
      return replies.shift() ?? answerOf([]);
    });
  });
  afterEach(() => server.stop());

  const open = (table: AzureTable = 'AKSAudit') => createAzurePull({ workspace: WORKSPACE, table, resource: RESOURCE, tenant: 'example.com', clientId: 'c-1', clientSecret: { env: 'CLIENT_SECRET' }, url: server.url, loginUrl: server.url }, deps);
  const queries = () => server.asked.filter(({ path }) => path.endsWith('/query')).map(({ body }) => (JSON.parse(body) as { readonly query: string }).query);

  test('it begins with what is taken in from now on, two minutes behind', async () => {
    expect(await open().pull(undefined, NEVER)).toEqual({ text: '', cursor: JSON.stringify({ fromMs: deps.clock.now().getTime() - 120_000 }) });
    expect(server.asked).toEqual([]);
  });

  test('a span is asked for by when Azure took it in, of one cluster, and is read as the audit log', async () => {
    replies = [answerOf([LINE, null])];
    const pulled = await open().pull(FROM, NEVER);

    expect(pulled).toEqual({ text: LINE, cursor: JSON.stringify({ fromMs: deps.clock.now().getTime() - 120_000 }) });
    const [query = ''] = queries();
    for (const part of ['AKSAudit\n', `_ResourceId =~ "${RESOURCE}"`, 'ingestion_time()', 'Came >= datetime(2026-11-23T07:30:00.000Z) and Came < datetime(2026-11-23T07:58:00.000Z)', 'TimeGenerated >= datetime(2026-11-21T07:30:00.000Z)', 'Row > 0 and Row <= 5000', '"user", User,']) expect(query).toContain(part);
    expect(createEventReader('audit').read(JSON.parse(pulled?.text ?? ''))).toMatchObject([{ event: { id: expect.stringContaining('a-1'), verb: 'create', user: { name: 'masterclient' }, target: { resource: 'pods/exec', namespace: 'shop', name: 'web-0' }, timeMs: Date.parse('2026-11-23T07:31:00.123Z') } }]);
  });

  test('a span with more rows than one answer has is read page by page, with one token', async () => {
    replies = [answerOf(Array.from({ length: 5000 }, () => LINE)), answerOf([LINE])];
    const source = open();
    const first = await source.pull(FROM, NEVER);
    const second = await source.pull(first?.cursor, NEVER);

    expect(queries().map((query) => /Row > \d+ and Row <= \d+/.exec(query)?.[0])).toEqual(['Row > 0 and Row <= 5000', 'Row > 5000 and Row <= 10000']);
    expect(new Set(queries().map((query) => /Came >=.*/.exec(query)?.[0])).size).toBe(1);
    expect([first?.text?.split('\n').length, second?.text]).toEqual([5000, LINE]);
    expect(JSON.parse(second?.cursor ?? '')).toEqual({ fromMs: Date.parse('2026-11-23T07:58:00Z') });
    expect(server.asked.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1);
  });

  test('the table for everything has the events as they were written', async () => {
    await open('AzureDiagnostics').pull(FROM, NEVER);

    const [query = ''] = queries();
    for (const part of ['AzureDiagnostics\n', 'Category in ("kube-audit", "kube-audit-admin")', 'project Line = log_s']) expect(query).toContain(part);
  });

  test('a part of an answer is none, and is asked for again with another token', async () => {
    replies = [answerOf([LINE], { error: { code: 'PartialError', message: 'There were some errors when processing your query.' } }), answerOf([LINE])];
    const source = open();
    await expect(source.pull(FROM, NEVER)).rejects.toThrow(/^Azure Monitor could read only a part of what was asked for$/);

    expect((await source.pull(FROM, NEVER))?.text).toBe(LINE);
    expect(server.asked.filter(({ path }) => path.endsWith('/token'))).toHaveLength(2);
  });

  test('an application without the role is said so', async () => {
    replies = [{ status: 403 }];

    await expect(open().pull(FROM, NEVER)).rejects.toThrow(/^Azure Monitor forbids this \(HTTP 403\); needed: an application with the role Log Analytics Reader on the workspace$/);
  });
});
