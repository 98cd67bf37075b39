import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { parse } from 'yaml';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** Reads JSON from the first cluster of a kubeconfig, as its first user, who must sign in with a client certificate. */
export function reader(kubeconfig: string): (path: string, accept?: string) => Promise<unknown> {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster ?? {};
  const user = users[0]?.user ?? {};
  const credentials: RequestOptions = {
    ca: pem(cluster, 'certificate-authority'),
    cert: pem(user, 'client-certificate'),
    key: pem(user, 'client-key'),
  };
  return async (path, accept = 'application/json') => {
    const body = await get(new URL(path, cluster.server), { ...credentials, headers: { accept } });
    return JSON.parse(body) as unknown;
  };
}

function pem(entry: Readonly<Record<string, string>>, name: string): Buffer {
  const data = entry[`${name}-data`];
  return data === undefined ? readFileSync(entry[name] ?? '') : Buffer.from(data, 'base64');
}

function get(url: URL, options: RequestOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url.pathname}: ${response.statusCode ?? 0} ${text}`));
      });
    })
      .on('error', reject)
      .end();
  });
}
