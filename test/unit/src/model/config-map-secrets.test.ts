import { describe, expect, test } from '@jest/globals';
import { configMapExposures } from '#src/model/config-map-secrets.ts';

const CANARY = 'canary-3f9c';
const of = (data: Readonly<Record<string, unknown>>) => configMapExposures({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
const namesOf = (text: string, key = 'file') => of({ [key]: text }).secrets.map(({ name }) => name);

describe('src/model/config-map-secrets.ts', () => {
  test.each([
    ['a line of properties', `db.password=${CANARY}`, 'file db.password'],
    ['blanks around the sign', `db_password = ${CANARY}`, 'file db_password'],
    ['a shell', `export API_TOKEN="${CANARY}"`, 'file API_TOKEN'],
    ['a list of YAML', `env:\n  - password: ${CANARY}\n`, 'file password'],
    ['YAML with a comment', `  apiKey: '${CANARY}' # of the old account`, 'file apiKey'],
    ['JSON on one line', `{"db": {"host": "db", "password": "${CANARY}"}}`, 'file password'],
    ['JSON on many lines', `{\n  "clientSecret": "${CANARY}",\n  "id": "a"\n}`, 'file clientSecret'],
    ['Windows line ends', `A=1\r\nDB_PASSWORD=${CANARY}\r\n`, 'file DB_PASSWORD'],
    ['a key amid text', `see below\n-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----\n`, 'file'],
    ['a URL amid code', `connect("postgres://shop:${CANARY}@db/shop")\n`, 'file'],
  ])('finds a credential in %s', (_, text, expected) => {
    expect(namesOf(text)).toEqual([expected]);
  });

  test.each([
    ['an empty value', 'REDIS_PASSWORD=\nOTHER=1'],
    ['a reference', 'API_TOKEN=${API_TOKEN}\nB_TOKEN=$(A)\nC_TOKEN={{ .Values.token }}'],
    ['a comment', '# password=example\n// token: example'],
    ['prose', 'Password: ask the team for it\ntoken: the token of the day'],
    ['code', 'password = read_password()\ntoken = tokens[0]\nif (secret == other) {'],
    ['a file', 'bearer_token_file: /var/run/secrets/token\npasswordFile=/etc/pw'],
    ['a reference to a Secret', 'secretName: shop-tls\nimagePullSecrets:\n  - name: registry'],
    ['a reference of Argo CD', 'clientSecret: $oidc.okta.clientSecret'],
    ['a rule for passwords', 'passwordPattern: ^.+$\nsecretStore: vault\ntoken_format: opaque'],
    ['a block that begins', 'password: |\n'],
  ])('takes %s for no credential', (_, text) => {
    expect(namesOf(text)).toEqual([]);
  });

  test.each(['RSA ', 'EC ', '', 'OPENSSH ', 'ENCRYPTED '])('finds a private key in Base64: %j', (kind) => {
    const encoded = Buffer.from(`-----BEGIN ${kind}PRIVATE KEY-----\n${CANARY}`).toString('base64');

    expect(of({ kubeconfig: `users:\n- user:\n    client-key-data: ${encoded}\n` }).secrets).toEqual([{ name: 'kubeconfig client-key-data', what: 'a private key', path: ['data', 'kubeconfig'] }]);
    expect(of({ certificate: Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64') }).secrets).toEqual([]);
  });

  test('decodes binary data that is text, and leaves other data alone', () => {
    const binaryData = { text: Buffer.from(`token=${CANARY}`).toString('base64'), image: Buffer.from([0x89, 0x50, 0, 0xff]).toString('base64') };

    const { secrets } = configMapExposures({ binaryData });

    expect(secrets).toEqual([{ name: 'text token', what: 'a credential by its name', path: ['binaryData', 'text'] }]);
  });

  test('tells personal data from credentials', () => {
    const { secrets, personal } = of({ username: 'jo', 'app.env': `ADMIN_EMAIL=jo@shop.example\nIBAN=FR7630006000011234567890189\nUSER_NAME_HEADER=x\nPASSWORD=${CANARY}` });

    expect(secrets.map(({ name }) => name)).toEqual(['app.env PASSWORD']);
    expect(personal.map(({ name }) => name)).toEqual(['username', 'app.env ADMIN_EMAIL', 'app.env IBAN']);
  });

  test('never says the value', () => {
    const found = of({ password: CANARY, a: `token=${CANARY}`, b: `-----BEGIN EC PRIVATE KEY-----\n${CANARY}` });

    expect(found.secrets).toHaveLength(3);
    expect(JSON.stringify(found)).not.toContain(CANARY);
  });

  test.each([null, 7, 'text', [], [null]])('finds nothing where %j stands for the data', (data) => {
    expect(configMapExposures({ data, binaryData: data })).toEqual({ secrets: [], personal: [] });
  });

  test.each(['"a":'.repeat(60_000), 'password='.repeat(30_000), ' '.repeat(300_000), `x${'='.repeat(300_000)}`, `"password":"${'a\\'.repeat(100_000)}`])('is done quickly with a text without end', (text) => {
    const started = performance.now();

    of({ text });

    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
