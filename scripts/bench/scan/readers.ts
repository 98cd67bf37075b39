import { Agent, get } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { checks } from '#src/checks/index.gen.ts';
import { basePath } from '#src/kube/list.ts';
import { createApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { kindsOf, type CheckContext } from '#src/model/check.ts';
import { kindInfo, KINDS, type Kind } from '#src/model/kinds.ts';
import type { ScanResult } from '#src/model/scan-result.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { kubeconfigText } from '#src/sandbox/kube/kubeconfig.ts';
import { scan } from '#src/scan/scan.ts';
import type { Address } from './replay.ts';

/** What is measured: receive and discard, fetch and JSON.parse, and the product. */
export const READERS = ['discard', 'parse', 'product'] as const;
export type Reader = (typeof READERS)[number];

const PAGE_SIZE = 500;
/** Before the items, which is where the API server writes it. */
const TOKEN = /"continue":"([^"]+)"/;
const ITEMS = '"items":[';

export function read(reader: Reader, address: Address): Promise<unknown> {
  return reader === 'product' ? scanCluster(address) : readLists(address, reader === 'parse');
}

/** The product's own way from the API server to findings. */
export function scanCluster(address: Address): Promise<ScanResult> {
  return withCluster(address, scanSource);
}

export async function withCluster<Result>({ url, ca }: Address, use: (source: ObjectSource) => Promise<Result>): Promise<Result> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfigText(url, ca, 'bench', { token: 'bench' }));
  const client = createApiClient(config);
  try {
    return await use(await openCluster(client, new AbortController().signal));
  } finally {
    client.close();
  }
}

export function scanSource(source: ObjectSource): Promise<ScanResult> {
  const context: CheckContext = { version: source.version, settings: NO_SETTINGS, now: new Date('2026-11-23T08:00:00Z') };
  return scan({
    source,
    checks,
    context,
    signal: new AbortController().signal,
    onFault: (unit, error) => {
      throw new Error(`${unit} failed on a generated object`, { cause: error });
    },
  });
}

/** Reads what the product reads, in the same pages, with the next page asked for as soon as its token has arrived. */
async function readLists({ url, ca }: Address, parse: boolean): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ca });
  try {
    for (const path of listPaths()) await readList(agent, `${url}${path}?limit=${PAGE_SIZE}`, parse);
  } finally {
    agent.destroy();
  }
}

async function readList(agent: Agent, url: string, parse: boolean): Promise<void> {
  let page = fetchPage(agent, url, parse);
  for (;;) {
    const token = await page.token;
    const next = token === undefined ? undefined : fetchPage(agent, `${url}&continue=${encodeURIComponent(token)}`, parse);
    const body = await page.body;
    if (parse) JSON.parse(body.toString('utf8'));
    if (next === undefined) return;
    page = next;
  }
}

/** The token arrives before the body has. */
interface ComingPage {
  readonly token: Promise<string | undefined>;
  readonly body: Promise<Buffer>;
}

function fetchPage(agent: Agent, url: string, keep: boolean): ComingPage {
  const token = Promise.withResolvers<string | undefined>();
  const body = Promise.withResolvers<Buffer>();
  get(url, { agent }, (response) => {
    const chunks: Buffer[] = [];
    let head: string | undefined = '';
    response.on('data', (chunk: Buffer) => {
      if (keep) chunks.push(chunk);
      if (head === undefined) return;
      head += chunk.toString('latin1');
      if (!head.includes(ITEMS)) return;
      token.resolve(TOKEN.exec(head.slice(0, head.indexOf(ITEMS)))?.[1]);
      head = undefined;
    });
    response.on('end', () => {
      token.resolve(undefined);
      body.resolve(Buffer.concat(chunks));
    });
    response.on('error', body.reject);
  }).on('error', body.reject);
  return { token: token.promise, body: body.promise };
}

function listPaths(): readonly string[] {
  const needed = new Set(checks.flatMap(kindsOf));
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => needed.has(kind) && kindInfo(kind).addOn !== true);
  return kinds.map((kind) => {
    const { groups, resource } = kindInfo(kind);
    const [group = ''] = groups;
    return `${basePath(group === '' ? 'v1' : `${group}/v1`)}/${resource}`;
  });
}
