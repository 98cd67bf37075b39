import { stringify } from 'yaml';

/** How a user signs in, in the words of a kubeconfig. */
export type KubeconfigUser = { readonly token: string } | { readonly cert: string; readonly key: string };

const CLUSTER = 'demo';

export function kubeconfigText(url: string, ca: string, name: string, user: KubeconfigUser): string {
  const encode = (pem: string): string => Buffer.from(pem).toString('base64');
  const credentials = 'token' in user ? { token: user.token } : { 'client-certificate-data': encode(user.cert), 'client-key-data': encode(user.key) };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': CLUSTER,
    clusters: [{ name: CLUSTER, cluster: { server: url, 'certificate-authority-data': encode(ca) } }],
    contexts: [{ name: CLUSTER, context: { cluster: CLUSTER, user: name } }],
    users: [{ name, user: credentials }],
  });
}
