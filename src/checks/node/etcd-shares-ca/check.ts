import { components } from '#src/facts/components.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis } from '#src/model/references.ts';

const ETCD_CA = 'trusted-ca-file';
const API_SERVER_CA = 'client-ca-file';

/** Reports each etcd that trusts the authority which signs the clients of the API server. */
export const check = defineClusterCheck({
  id: 'node/etcd-shares-ca',
  title: 'etcd has a certificate authority of its own',
  severity: 'high',
  tips: [6],
  why: 'Everybody with a client certificate of the cluster, each kubelet among them, may then read and change etcd.',
  fix: 'Sign the certificates of etcd and of its clients with an authority of their own, and name that in --trusted-ca-file.',
  sources: [cis('2.7')],
  needs: { components },
  *judge({ components }) {
    const servers = components.filter(({ name }) => name === 'kube-apiserver');
    const stores = components.filter(({ name }) => name === 'etcd');
    if (servers.length === 0 || stores.length === 0) yield { notEvaluated: `no pod of ${stores.length === 0 ? 'etcd' : 'an API server'} was read` };
    for (const { subject, container, flags } of stores) {
      const authority = flags.get(ETCD_CA);
      const sharing = servers.filter((server) => authority?.value && server.flags.get(API_SERVER_CA)?.value === authority.value);
      if (authority === undefined || sharing.length === 0) continue;
      yield {
        subject,
        container,
        path: authority.path,
        message: `It trusts every client of the API server: --${ETCD_CA} and the API server's --${API_SERVER_CA} are both ${authority.value}`,
        related: sharing.map((server) => server.subject.ref),
      };
    }
  },
});
