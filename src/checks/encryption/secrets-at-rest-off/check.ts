import { components } from '#src/facts/components.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { cis, kubernetes, nsa } from '#src/model/references.ts';

const FLAG = 'encryption-provider-config';

/** Reports each API server that stores Secrets as they are. */
export const check = defineClusterCheck({
  id: 'encryption/secrets-at-rest-off',
  title: 'The API server encrypts Secrets before it stores them',
  severity: 'high',
  tips: [1],
  why: 'Whoever reads the disk or a backup of etcd has every password and token of the cluster.',
  fix: 'Give the API server --encryption-provider-config with a KMS v2 provider for secrets, then write all Secrets anew.',
  sources: [cis('1.2.27'), nsa('Network separation and hardening: Secrets'), kubernetes('Encrypting Confidential Data at Rest', 'tasks/administer-cluster/encrypt-data/')],
  needs: { components },
  *judge({ components }) {
    const servers = components.filter(({ name }) => name === 'kube-apiserver');
    if (servers.length === 0) yield { notEvaluated: 'no pod of an API server was read' };
    for (const { subject, container, path, flags } of servers) {
      const flag = flags.get(FLAG);
      if (flag?.value) continue;
      yield { subject, container, path: flag?.path ?? path, message: `It stores Secrets unencrypted: --${FLAG} is ${flag === undefined ? 'not set' : 'empty'}` };
    }
  },
});
