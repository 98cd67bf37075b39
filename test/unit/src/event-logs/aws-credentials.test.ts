import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAwsCredentials, type AwsEnvironment } from '#src/event-logs/aws-credentials.ts';
import type { SourceDeps } from '#src/model/people.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { startHttpStandIn, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';

const NEVER = new AbortController().signal;
const ROLE = 'arn:aws:iam::123456789012:role/k8ssec';
const IRSA = { AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token' };
const HOUR_MS = 3600_000;

/** As Amazon STS answers it. */
function assumed(id: string, until: Date): string {
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Audience>sts.amazonaws.com</Audience>
    <AssumedRoleUser><AssumedRoleId>AROA3XFRBF535PLBIFPI4:k8ssec</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/k8ssec/k8ssec</Arn></AssumedRoleUser>
    <Credentials>
      <SessionToken>FwoGZXIvYXdzEJr//////token+${id}==</SessionToken>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG+bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <Expiration>${until.toISOString()}</Expiration>
      <AccessKeyId>${id}</AccessKeyId>
    </Credentials>
  </AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`;
}

describe('src/event-logs/aws-credentials.ts', () => {
  let deps: FakeSourceDeps & SourceDeps;
  let server: HttpStandIn;
  let answer: () => HttpReply;
  let given = 0;

  beforeEach(async () => {
    const fake = createSourceDeps({ ID: 'AKIA1', SECRET: 'canary-secret' });
    deps = { ...fake, secret: (ref) => ('file' in ref ? Promise.resolve(`canary-token-of ${ref.file}`) : fake.secret(ref)) };
    given = 0;
    answer = () => {
      given += 1;
      return { body: assumed(`ASIA${given}`, new Date(deps.clock.now().getTime() + HOUR_MS)) };
    };
    server = await startHttpStandIn(() => answer());
  });
  afterEach(() => server.stop());

  const open = (env: AwsEnvironment, keys: object = {}) => createAwsCredentials({ accessKeyId: undefined, secretAccessKey: undefined, stsUrl: server.url, ...keys }, env, deps);

  test('the key of the configuration comes first, and nobody is asked', async () => {
    const credentials = open(IRSA, { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'SECRET' } });

    expect(await credentials.keys(NEVER)).toEqual({ accessKeyId: 'AKIA1', secretAccessKey: 'canary-secret' });
    expect(server.asked).toEqual([]);
  });

  test('the role of the ServiceAccount is asked for with its token, which is read anew', async () => {
    const keys = await open(IRSA).keys(NEVER);

    expect(keys).toEqual({ accessKeyId: 'ASIA1', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYzEXAMPLEKEY', sessionToken: 'FwoGZXIvYXdzEJr//////token+ASIA1==' });
    expect(server.asked).toMatchObject([{ method: 'POST', path: '/', headers: { accept: 'text/xml', 'content-type': expect.stringContaining('application/x-www-form-urlencoded') } }]);
    expect(Object.fromEntries(new URLSearchParams(server.asked[0]?.body))).toEqual({ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: ROLE, RoleSessionName: 'k8ssec', WebIdentityToken: `canary-token-of ${IRSA.AWS_WEB_IDENTITY_TOKEN_FILE}` });
  });

  test('what was given is used until shortly before its end, or until it is forgotten', async () => {
    const credentials = open(IRSA);
    const id = async () => (await credentials.keys(NEVER)).accessKeyId;
    expect([await id(), await id()]).toEqual(['ASIA1', 'ASIA1']);
    deps.clock.advance(HOUR_MS - 5 * 60_000 - 1);
    expect(await id()).toBe('ASIA1');

    deps.clock.advance(1);
    expect(await id()).toBe('ASIA2');
    credentials.forget();

    expect(await id()).toBe('ASIA3');
  });

  test('a pod identity is asked for at its agent, with its token', async () => {
    answer = () => ({ body: { AccessKeyId: 'ASIA9', SecretAccessKey: 'secret', Token: 'session', AccountId: '123456789012', Expiration: new Date(deps.clock.now().getTime() + HOUR_MS).toISOString() } });
    const credentials = open({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/v1/credentials`, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/var/run/secrets/pods.eks.amazonaws.com/token' });

    expect(await credentials.keys(NEVER)).toEqual({ accessKeyId: 'ASIA9', secretAccessKey: 'secret', sessionToken: 'session' });
    expect(server.asked).toMatchObject([{ method: 'GET', path: '/v1/credentials', headers: { authorization: 'canary-token-of /var/run/secrets/pods.eks.amazonaws.com/token' } }]);
  });

  test.each(['http://198.51.100.7/v1/credentials', 'http://169.254.169.254/latest', 'not an address'])('no token is sent to %s', async (address) => {
    const credentials = open({ AWS_CONTAINER_CREDENTIALS_FULL_URI: address, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/token' });

    await expect(credentials.keys(NEVER)).rejects.toThrow(/^AWS_CONTAINER_CREDENTIALS_FULL_URI is no address of an agent of Amazon; the token is not sent there$/);
  });

  test.each<[what: string, reply: HttpReply, message: RegExp]>([
    ['an expired token', { status: 400, body: '<ErrorResponse><Error><Code>ExpiredTokenException</Code></Error></ErrorResponse>' }, /^Amazon STS refuses the credentials \(HTTP 400\)$/],
    ['a role that is for others', { status: 403, body: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' }, /^Amazon STS forbids this \(HTTP 403\); needed: a trust policy of the role that names the ServiceAccount of k8ssec$/],
    ['an answer of something else', { body: '<html>Sign in</html>' }, /Amazon STS/],
  ])('%s is said so, without the token', async (_, reply, message) => {
    answer = () => reply;
    const told = await open(IRSA).keys(NEVER).catch((error: unknown) => (error as Error).message);

    expect(told).toMatch(message);
    expect(told).not.toContain('canary');
  });

  test.each<AwsEnvironment>([{}, { AWS_ROLE_ARN: ROLE }, { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' }])('without a key and a role it is said what is missing: %j', async (env) => {
    await expect(open(env).keys(NEVER)).rejects.toThrow(/^there is no access key: /);
  });
});
