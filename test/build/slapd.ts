import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { generate } from 'selfsigned';

/** Debian keeps it where only administrators look. */
const PROGRAMS = { slapd: '/usr/sbin/slapd', slapadd: '/usr/sbin/slapadd' };
const READY_WITHIN_MS = 10_000;

export const BASE = 'dc=corp,dc=example';
export const ADMIN = { dn: `cn=admin,${BASE}`, password: 'correct horse' };

export interface Slapd {
  readonly url: string;
  readonly secureUrl: string;
  /** PEM of the authority that vouches for it. */
  readonly caFile: string;
  readonly stop: () => Promise<void>;
}

const isInstalled = await promisify(execFile)(PROGRAMS.slapd, ['-VVV']).then(() => true, () => false);

/** The suite with OpenLDAP's server and these entries in it. Without the server it is skipped visibly, and in CI it fails. */
export function onSlapd(name: string, entries: readonly string[], suite: (slapd: () => Slapd) => void, settings: readonly string[] = []): void {
  if (!isInstalled && process.env.CI === 'true') return test('slapd is installed', () => Promise.reject(new Error('slapd is not installed')));
  const run = isInstalled ? describe : describe.skip;
  run(isInstalled ? name : `${name}, for which slapd is not installed here`, () => {
    let slapd: Slapd;
    beforeAll(async () => {
      slapd = await startSlapd(entries, settings);
    });
    suite(() => slapd);
    afterAll(() => slapd.stop());
  });
}

async function startSlapd(entries: readonly string[], settings: readonly string[]): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'k8ssec-slapd-'));
  await mkdir(join(folder, 'data'));
  const certificate = await generate([{ name: 'commonName', value: 'localhost' }], { extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] }] });
  await Promise.all([
    writeFile(join(folder, 'cert.pem'), certificate.cert),
    writeFile(join(folder, 'key.pem'), certificate.private),
    writeFile(join(folder, 'slapd.conf'), configuration(folder, settings)),
    writeFile(join(folder, 'entries.ldif'), [`dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Corp\ndc: corp`, `dn: ou=people,${BASE}\nobjectClass: organizationalUnit\nou: people`, ...entries].join('\n\n')),
  ]);
  await promisify(execFile)(PROGRAMS.slapadd, ['-f', join(folder, 'slapd.conf'), '-l', join(folder, 'entries.ldif'), '-q']);
  const [port, securePort] = [await freePort(), await freePort()];
  const url = `ldap://localhost:${port}`;
  const secureUrl = `ldaps://localhost:${securePort}`;
  const child = spawn(PROGRAMS.slapd, ['-d', '0', '-f', join(folder, 'slapd.conf'), '-h', `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${securePort}`], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await Promise.all([answers(port, child), answers(securePort, child)]);
  return {
    url,
    secureUrl,
    caFile: join(folder, 'cert.pem'),
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function configuration(folder: string, settings: readonly string[]): string {
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload ppolicy',
    `TLSCertificateFile ${folder}/cert.pem`,
    `TLSCertificateKeyFile ${folder}/key.pem`,
    ...settings,
    'database mdb',
    `suffix "${BASE}"`,
    `rootdn "cn=root,${BASE}"`,
    'rootpw root',
    `directory ${folder}/data`,
    'overlay ppolicy',
    `access to attrs=userPassword by anonymous auth by * none`,
    `access to * by dn.exact="${ADMIN.dn}" read by * none`,
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
  for (;;) {
    deadline.throwIfAborted();
    if (child.exitCode !== null) throw new Error(`slapd ended with ${child.exitCode}`);
    const socket = createConnection(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    if (isOpen) return;
    await wait(20);
  }
}
