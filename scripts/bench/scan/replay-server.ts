import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createAuthority } from '#src/sandbox/kube/access/certificates.ts';
import { kindInfo, KINDS, type Kind } from '#src/model/kinds.ts';
import { childInput } from '../child.ts';
import { generateCluster } from './cluster.ts';
import { NO_COUNTS, type Counts, type Pace, type ReplayInput, type Ready } from './replay.ts';

// The replay server, a process of its own: it serves the lists of a generated cluster that are encoded beforehand, so that what is
// measured is whoever reads them. Paths begin with `/<pace>-<pods>`.

/** What a Kubernetes 1.37 on the machine of the first measurements took to write one pod of a list. */
const PACED_MS_PER_POD = 0.08;
const PACED_PARTS = 8;
/** Answers with an expired token, by the number of the list request in a run. */
const EXPIRES_WITH_TOKEN_AT = 3;
const EXPIRES_AT = 6;
const SEPARATOR = Buffer.from(',');
const END = Buffer.from(']}');

const input = childInput() as ReplayInput;
const cluster = generateCluster(input.pods, input.seed);
const pods = [...cluster.podTexts()].map((text) => Buffer.from(text));
const others = new Map<number, ReadonlyMap<string, readonly Buffer[]>>();
let counts: Counts = NO_COUNTS;
let inFlight = 0;

function itemsOf(kind: Kind, clusterPods: number): readonly Buffer[] {
  if (kind === 'Pod') return clusterPods === pods.length ? pods : pods.slice(0, clusterPods);
  const known = others.get(clusterPods) ?? encodedOthers(clusterPods);
  others.set(clusterPods, known);
  return known.get(kind) ?? [];
}

function encodedOthers(clusterPods: number): ReadonlyMap<string, readonly Buffer[]> {
  const objects = generateCluster(clusterPods, input.seed).others;
  return new Map([...objects].map(([kind, all]) => [kind, all.map((object) => Buffer.from(JSON.stringify(object)))]));
}

async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const [, pace = '', size = '', path = ''] = /^\/(\w+)-(\d+)(\/.*)$/.exec(url.pathname) ?? [];
  const kind = (Object.keys(KINDS) as Kind[]).find((candidate) => path.endsWith(`/${kindInfo(candidate).resource}`));
  if (path === '/version') send(response, 200, { gitVersion: 'v1.37.2' });
  else if (path === '/apis') send(response, 200, groupList());
  else if (kind !== undefined) await answerList(kind, Number(size), pace as Pace, url.searchParams, response);
  else {
    counts = { ...counts, others: counts.others + 1 };
    send(response, 404, { kind: 'Status', code: 404 });
  }
}

async function answerList(kind: Kind, clusterPods: number, pace: Pace, query: URLSearchParams, response: ServerResponse): Promise<void> {
  inFlight += 1;
  response.once('close', () => (inFlight -= 1));
  const number = (counts.lists[kind] ?? 0) + 1;
  const limit = Number(query.get('limit') ?? 0);
  counts = {
    ...counts,
    lists: { ...counts.lists, [kind]: number },
    limits: { ...counts.limits, [kind]: limit },
    unbounded: counts.unbounded + (limit > 0 ? 0 : 1),
    mostInFlight: Math.max(counts.mostInFlight, inFlight),
  };
  const token = query.get('continue');
  if (pace === 'expiring' && kind === 'Pod' && token !== null && (number === EXPIRES_WITH_TOKEN_AT || number === EXPIRES_AT)) {
    send(response, 410, { kind: 'Status', code: 410, reason: 'Expired', metadata: number === EXPIRES_AT ? {} : { continue: token } });
    return;
  }
  const all = itemsOf(kind, clusterPods);
  const start = Number(token ?? 0);
  const end = limit > 0 ? Math.min(all.length, start + limit) : all.length;
  const metadata = { resourceVersion: '48151623', ...(end < all.length && { continue: String(end), remainingItemCount: all.length - end }) };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(`{"kind":"${kind}List","apiVersion":"v1","metadata":${JSON.stringify(metadata)},"items":[`);
  const body = Buffer.concat([...all.slice(start, end).flatMap((item, index) => (index === 0 ? [item] : [SEPARATOR, item])), END]);
  if (pace === 'paced' && kind === 'Pod') await writeSlowly(response, body, (end - start) * PACED_MS_PER_POD);
  response.end(pace === 'paced' && kind === 'Pod' ? undefined : body);
}

async function writeSlowly(response: ServerResponse, body: Buffer, forMs: number): Promise<void> {
  const size = Math.ceil(body.length / PACED_PARTS);
  for (let part = 0; part < PACED_PARTS; part += 1) {
    await wait(forMs / PACED_PARTS);
    response.write(body.subarray(part * size, (part + 1) * size));
  }
}

function groupList(): unknown {
  const groups = new Set(Object.keys(KINDS).map((kind) => kindInfo(kind as Kind)).filter(({ addOn }) => addOn !== true).map(({ groups }) => groups[0] ?? ''));
  return { kind: 'APIGroupList', groups: [...groups].filter(Boolean).map((name) => ({ name, preferredVersion: { version: 'v1' } })) };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const authority = await createAuthority();
const server = createServer(await authority.forServer(), (request, response) => {
  answerRequest(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('message', () => {
  process.send?.(counts);
  counts = NO_COUNTS;
});
process.once('disconnect', () => process.exit(0));
process.send?.({ port: (server.address() as AddressInfo).port, ca: authority.cert } satisfies Ready);
