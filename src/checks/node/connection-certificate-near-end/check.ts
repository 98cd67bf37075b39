import { byUrgency, nearEnd } from '#src/model/certificate-term.ts';
import { defineObjectCheck } from '#src/model/check.ts';
import { textAt } from '#src/model/raw.ts';
import { kubernetes } from '#src/model/references.ts';

/**
 * Reports the certificate that the API server shows to the bot, and the one that the bot shows, when little of their time is left.
 *
 * They are those of the connection over which the cluster is read, and of nothing else: with a proxy or gateway in between that ends
 * TLS it is the certificate of that. What a plugin hands out and renews itself is not judged.
 */
export const check = defineObjectCheck({
  id: 'node/connection-certificate-near-end',
  title: 'The certificates between bot and API server have time left',
  severity: 'medium',
  tips: [6],
  items: {
    'api-server': { title: 'The certificate of the API server and those that vouch for it have time left' },
    bot: { title: 'The certificate with which the bot signs in has time left' },
  },
  why: 'When the one of the API server has ended nodes, people and controllers reach it no more; when the one of the bot has ended nobody looks at the cluster any more.',
  fix: 'Renew it: `kubeadm certs renew` and a restart of the control plane, an upgrade, or the button of the provider; for the bot a new kubeconfig, better one with a token that renews itself.',
  sources: [kubernetes('Certificate Management with kubeadm', 'tasks/administer-cluster/kubeadm/kubeadm-certs/'), kubernetes('PKI certificates and requirements', 'setup/best-practices/certificates/')],
  judgesStock: true,
  kinds: ['Service'],
  notEvaluated({ complete, connection }) {
    if (!complete) return 'only a running cluster shows the certificates of its connections';
    if (connection === undefined) return 'the certificates of the connection were not seen';
    return 'unseen' in connection ? connection.unseen : undefined;
  },
  *judge(object, { connection, now }) {
    // It stands for the API server in every cluster.
    const isApiServer = textAt(object, 'metadata', 'namespace') === 'default' && textAt(object, 'metadata', 'name') === 'kubernetes';
    if (!isApiServer || connection === undefined || 'unseen' in connection) return;
    const [worst] = connection.server.flatMap((term) => nearEnd(term, now) ?? []).sort(byUrgency);
    if (worst !== undefined) {
      const { severity, message, evidence, term } = worst;
      const what = term === connection.server[0] ? 'The certificate of the API server' : 'A CA that vouches for the certificate of the API server';
      yield { item: 'api-server', severity, message: `${what} ${message}`, evidence: term.name === '' ? evidence : `${term.name}: ${evidence}` };
    }
    const bot = connection.bot && nearEnd(connection.bot, now);
    if (bot !== undefined) yield { item: 'bot', severity: bot.severity, message: `The certificate with which the bot signs in ${bot.message}`, evidence: `${bot.term.name}: ${bot.evidence}` };
  },
});
