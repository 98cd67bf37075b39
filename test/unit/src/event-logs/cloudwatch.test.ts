import { createHash, createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCloudwatchPull } from '#src/event-logs/cloudwatch.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpAsked, type HttpStandIn } from '#test/fakes/people/server.ts';

const NEVER = new AbortController().signal;
const SECRET = 'canary/secret+key';
const FROM_MS = Date.parse('2026-11-23T07:30:00Z');
const MESSAGE = '{"kind":"Event","auditID":"a-1"}';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Signs as Amazon describes it, to see whether what came is signed so. */
function signatureOf({ headers, body, path }: HttpAsked): string {
  const [, scope = '', signed = ''] = /Credential=AKIA1\/(\S+), SignedHeaders=(\S+), Signature=/.exec(headers.authorization ?? '') ?? [];
  const [day = '', region = '', service = ''] = scope.split('/');
  const names = signed.split(';');
  const canonical = ['POST', path, '', ...names.map((name) => `${name}:${String(headers[name])}`), '', signed, sha(body)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${SECRET}`, day), region), service), 'aws4_request');
  return hmac(key, ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha(canonical)].join('\n')).toString('hex');
}

describe('src/event-logs/cloudwatch.ts', () => {
  let deps: FakeSourceDeps;
  let server: HttpStandIn;
  let isRefusing = false;

  beforeEach(async () => {
    deps = createSourceDeps({ ID: 'AKIA1', SECRET });
    server = await startHttpStandIn((asked) => {
      if (isRefusing || !(asked.headers.authorization ?? '').endsWith(`Signature=${signatureOf(asked)}`)) return { status: 403 };
      const { nextToken } = JSON.parse(asked.body) as { readonly nextToken?: string };
      const event = { logStreamName: 'kube-apiserver-audit-1', timestamp: FROM_MS + 1, ingestionTime: FROM_MS + 9, eventId: '1' };
      return { body: nextToken === undefined ? { events: [{ ...event, message: MESSAGE }], searchedLogStreams: [], nextToken: 'next' } : { events: [], searchedLogStreams: [] } };
    });
  });
  afterEach(() => {
    isRefusing = false;
    return server.stop();
  });

  const open = (secret = 'SECRET') => createCloudwatchPull({ region: 'eu-west-1', group: '/aws/eks/prod/cluster', streams: 'kube-apiserver-audit', accessKeyId: { env: 'ID' }, secretAccessKey: { env: secret }, url: server.url, stsUrl: 'http://127.0.0.1:1' }, {}, deps);

  test('a span is read page by page, signed for its region', async () => {
    const source = open();
    const first = await source.pull(JSON.stringify({ fromMs: FROM_MS }), NEVER);
    const second = await source.pull(first?.cursor, NEVER);

    const untilMs = deps.clock.now().getTime() - 60_000;
    const body = { logGroupName: '/aws/eks/prod/cluster', logStreamNamePrefix: 'kube-apiserver-audit', startTime: FROM_MS, endTime: untilMs - 1 };
    expect(server.asked.map((asked) => JSON.parse(asked.body) as object)).toEqual([body, { ...body, nextToken: 'next' }]);
    expect(server.asked[0]?.headers).toMatchObject({ 'x-amz-target': 'Logs_20140328.FilterLogEvents', 'content-type': 'application/x-amz-json-1.1', authorization: expect.stringContaining('/eu-west-1/logs/aws4_request') });
    expect([first?.text, second?.text]).toEqual([MESSAGE, '']);
    expect(second?.cursor).toBe(JSON.stringify({ fromMs: untilMs }));
  });

  test('in the role of the pod the session is signed along, and asked for anew after a refusal', async () => {
    const sts = await startHttpStandIn(() => ({ body: `<Credentials><SessionToken>session</SessionToken><SecretAccessKey>${SECRET}</SecretAccessKey><Expiration>2030-01-01T00:00:00Z</Expiration><AccessKeyId>AKIA1</AccessKeyId></Credentials>` }));
    const own = { ...deps, secret: () => Promise.resolve('token') };
    const source = createCloudwatchPull({ region: 'eu-west-1', group: '/g', streams: 's', accessKeyId: undefined, secretAccessKey: undefined, url: server.url, stsUrl: sts.url }, { AWS_ROLE_ARN: 'arn:aws:iam::1:role/r', AWS_WEB_IDENTITY_TOKEN_FILE: '/token' }, own);
    const pull = () => source.pull(JSON.stringify({ fromMs: FROM_MS }), NEVER);
    for (let times = 0; times < 2; times += 1) expect((await pull())?.text).toBe(MESSAGE);
    expect(sts.asked).toHaveLength(1);
    isRefusing = true;
    for (let times = 0; times < 2; times += 1) await expect(pull()).rejects.toThrow(/HTTP 403/);
    await sts.stop();

    expect(sts.asked).toHaveLength(2);
    expect(server.asked[0]?.headers).toMatchObject({ 'x-amz-security-token': 'session', authorization: expect.stringContaining('x-amz-security-token') });
  });

  test('a key that is wrong is said so without it', async () => {
    deps = createSourceDeps({ ID: 'AKIA1', WRONG: 'canary-other' });

    await expect(open('WRONG').pull(JSON.stringify({ fromMs: FROM_MS }), NEVER)).rejects.toThrow(/^Amazon CloudWatch Logs forbids this \(HTTP 403\); needed: an access key or role that may logs:FilterLogEvents of the log group$/);
  });
});
