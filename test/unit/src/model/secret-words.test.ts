import { describe, expect, test } from '@jest/globals';
import { isSecretName, secretIn, secretShape } from '#src/model/secret-words.ts';

const SECRET_NAMES = [
  'PASSWORD',
  'DB_PASSWORD',
  'dbPassword',
  'db.password',
  'PGPASSWORD',
  'MYSQL_ROOT_PASSWD',
  'SSH_KEY_PASSPHRASE',
  'pwd',
  'DBPWD',
  'CLIENT_SECRET',
  'clientSecret',
  'API_TOKEN',
  'authtoken',
  'SLACK_BOT_TOKEN',
  'SESSION_TOKENS',
  'BEARER',
  'AWS_SECRET_ACCESS_KEY',
  'AZURE_STORAGE_KEY',
  'azure_batch_key',
  'OCI_CLI_KEY_CONTENT',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'TLS_PRIVATE_KEY',
  'apiKey',
  'STRIPE_APIKEY',
  'STORAGE_ACCOUNT_KEY',
  'APP_JWT',
];

const OTHER_NAMES = [
  'DB_USER',
  'DB_PASSWORD_FILE',
  'SECRET_NAME',
  'secretName',
  'TOKEN_PATH',
  'TOKEN_TTL',
  'TOKEN_URL',
  'TOKEN_EXPIRES_IN',
  'PASSWORD_MIN_LENGTH',
  'JWT_ISSUER',
  'JWT_ALGORITHM',
  'AWS_ACCESS_KEY_ID',
  'SECRETS_BACKEND',
  'PUBLIC_KEY',
  'PARTITION_KEY',
  'TOKENIZERS_PARALLELISM',
  'KEY',
  'MONKEY',
  'BYPASS',
];

/** Made up; each only has the shape. */
const SHAPES: readonly (readonly [text: string, what: string])[] = [
  ['-----BEGIN PRIVATE KEY-----\nMIIB', 'a private key'],
  ['-----BEGIN RSA PRIVATE KEY-----', 'a private key'],
  ['-----BEGIN PGP PRIVATE KEY BLOCK-----', 'a private key'],
  [`AKIA${'Q7'.repeat(8)}`, 'an AWS access key'],
  [`ghp_${'a1B2'.repeat(9)}`, 'a GitHub token'],
  [`github_pat_${'a1B2_'.repeat(9)}`, 'a GitHub token'],
  [`glpat-${'a1B2-'.repeat(4)}`, 'a GitLab token'],
  [`xoxb-${'1234-'.repeat(4)}abc`, 'a Slack token'],
  [`https://hooks.slack.com/services/T0A1B2C3D/B0A1B2C3D/${'a1B2'.repeat(6)}`, 'the address of a Slack webhook'],
  ['{"auths":{"registry.example":{"username":"ci","auth":"Y2k6YTFCMg=="}}}', 'registry credentials'],
  [`AIza${'a1-_B'.repeat(7)}`, 'a Google API key'],
  [`sk_live_${'a1B2'.repeat(6)}`, 'a Stripe key'],
  [`npm_${'a1B2'.repeat(9)}`, 'an npm token'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln', 'a JSON Web Token'],
  ['eyJ6aXAiOiJERUYifQ.eyJzdWIiOiJhIn0.c2ln', 'a JSON Web Token'],
  ['Bearer a1B2c3D4e5', 'a bearer token'],
  ['postgres://shop:a1B2@db:5432/shop', 'a URL with a password'],
  ['redis://:a1B2@cache:6379/0', 'a URL with a password'],
];

const NO_SHAPES = [
  '-----BEGIN CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----',
  'AKIA',
  'eyJmb28iOiJiYXIifQ==',
  'https://hooks.slack.com/services/',
  '{"auths":{"registry.example":{}}}',
  '{"auths":{},"other":{"auth":"c29tZXRoaW5n"}}',
  'https://login.example:8443/token',
  'https://user@git.example/repo',
  'https://db.example:5432/path@v2',
  'postgres://shop:$(DB_PASSWORD)@db/shop',
  'postgres://shop:${DB_PASSWORD}@db/shop',
  'postgres://shop:<password>@db/shop',
  'registry.example/api@sha256:4b',
  'Hello from the environment',
];

const HARMLESS_VALUES = [
  '',
  '  ',
  '/var/run/secrets/token',
  './token',
  '~/token',
  'C:\\keys\\token',
  '$(OTHER)',
  'Basic $(OTHER)',
  '${OTHER}',
  '$OTHER',
  '{{ .Values.token }}',
  '<your token>',
  'vault:secret/data/api#token',
  'ref+awssecrets://api/token',
  'arn:aws:secretsmanager:eu-west-1:123456789012:secret:api',
  'projects/shop/secrets/api/versions/1',
  'https://login.example/token',
  'true',
  'No',
  'none',
  '4096',
  '0.5',
  '24h',
];

describe('src/model/secret-words.ts', () => {
  test.each(SECRET_NAMES)('takes %s for the name of a credential', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each(OTHER_NAMES)('takes %s for no name of a credential', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  test.each(SHAPES)('knows %j by its shape', (text, what) => {
    expect(secretShape(text)).toBe(what);
  });

  test.each(NO_SHAPES)('sees no credential in %j', (text) => {
    expect(secretShape(text)).toBeUndefined();
  });

  test.each(HARMLESS_VALUES)('lets %j pass under the name of a credential', (value) => {
    expect(secretIn('API_TOKEN', value)).toBeUndefined();
  });

  test.each(['a', 'changeme', 'Hello from the environment', 'true story', 'c3VwZXItc2VjcmV0'])('takes %j under the name of a credential for one', (value) => {
    expect(secretIn('API_TOKEN', value)).toBe('a credential by its name');
  });

  test('takes a number for a weak password, and for a setting elsewhere', () => {
    expect(secretIn('DB_PASSWORD', '123456')).toBe('a credential by its name');
    expect(secretIn('MAX_TOKENS', '4096')).toBeUndefined();
  });

  test('knows a credential by its shape whatever it is called', () => {
    expect(secretIn('SETTINGS', '-----BEGIN EC PRIVATE KEY-----')).toBe('a private key');
    expect(secretIn('KEY_FILE', '-----BEGIN EC PRIVATE KEY-----')).toBe('a private key');
  });

  test.each(['a.', 'eyJ-', '-----BEGIN ', 'a://b:', '-----   ', 'sk_live-', '"auths":{', 'hooks.slack.com/services/T'])('reads a megabyte of %j through', (part) => {
    expect(secretIn('SETTINGS', part.repeat(1_000_000 / part.length))).toBeUndefined();
  });
});
