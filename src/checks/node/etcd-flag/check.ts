import { defineFlagCheck, needsAll, needsSwitch, type FlagRow, type FlagRows } from '../flag-rows.ts';

/** With a file etcd takes nothing from its flags. */
const UNSEEN = { undecided: 'the settings of etcd are in a file of its node (--config-file)' } as const;

const ROWS: FlagRows = {
  'server-cert': { title: 'etcd answers with TLS', severity: 'critical', cis: '2.1', ...needsAll(['cert-file', 'key-file'], 'It answers clients without TLS') },
  'client-cert-auth': {
    title: 'etcd asks clients for a certificate',
    severity: 'critical',
    cis: '2.2',
    ...needsSwitch('client-cert-auth', true, false, 'Whoever reaches it may read and change the whole cluster'),
  },
  'auto-tls': { title: 'etcd does not sign its own certificate', severity: 'high', cis: '2.3', ...needsSwitch('auto-tls', false, false, 'It signs its own certificate, which clients cannot check') },
  'peer-cert': { title: 'Members of etcd talk with TLS', severity: 'high', cis: '2.4', ...needsAll(['peer-cert-file', 'peer-key-file'], 'It talks to other members without TLS') },
  'peer-client-cert-auth': {
    title: 'etcd asks its other members for a certificate',
    severity: 'high',
    cis: '2.5',
    ...needsSwitch('peer-client-cert-auth', true, false, 'Whoever reaches it may join as a member'),
  },
  'peer-auto-tls': { title: 'etcd does not sign its own certificate for members', severity: 'high', cis: '2.6', ...needsSwitch('peer-auto-tls', false, false, 'It signs its own certificate, which other members cannot check') },
};

/** Reports what the flags of each etcd leave open; variables of its environment are read like flags. */
export const check = defineFlagCheck({
  id: 'node/etcd-flag',
  title: 'The flags of etcd are safe',
  tips: [6],
  component: 'etcd',
  called: 'etcd',
  rows: Object.fromEntries(Object.entries(ROWS).map(([item, row]): [string, FlagRow] => [item, { ...row, judge: (read, context) => (read('config-file') === undefined ? row.judge(read, context) : UNSEEN) }])),
  why: 'etcd holds the whole cluster, Secrets among it; whoever reads or writes it needs no rights in Kubernetes.',
  fix: 'Set the flag that the finding names in the manifest of etcd, or in the configuration of the installer that writes it.',
  sources: [{ title: 'etcd: Transport security model', url: 'https://etcd.io/docs/latest/op-guide/security/' }],
});
