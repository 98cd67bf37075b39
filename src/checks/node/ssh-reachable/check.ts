import { defineObjectCheck } from '#src/model/check.ts';
import { mitre, nsa } from '#src/model/references.ts';
import { publicAddressOf } from '#src/network/node-address.ts';

/**
 * Reports each node whose port 22 answers on its address on the internet, as the bot sees it from where it runs.
 *
 * The bot tries only where the configuration of the cluster says `probeSsh: true`: every scan then opens a connection to port 22 of
 * each such address, sends nothing, and closes it. Ask whoever owns the network first; intrusion detection may see it. A bot that
 * runs inside of the network sees ports that are closed to others, and one that may not connect outside sees every port closed.
 */
export const check = defineObjectCheck({
  id: 'node/ssh-reachable',
  title: 'Port 22 of no node answers from outside',
  severity: 'critical',
  tips: [6],
  why: 'Everybody may try passwords, stolen keys and new holes on it; whoever gets in has the node with all of its pods, past Kubernetes and its audit log.',
  fix: 'Close port 22 in the firewall of the provider, and reach nodes through kubectl debug node or a bastion with names and a log.',
  sources: [nsa('Network separation and hardening: Worker node segmentation'), mitre('T1133')],
  kinds: ['Node'],
  notEvaluated: ({ sshAnswers }) => (sshAnswers === undefined ? 'the bot may not try port 22 of the nodes (probeSsh of the cluster)' : undefined),
  *judge(object, { sshAnswers }) {
    const found = publicAddressOf(object);
    if (found === undefined) return;
    const answer = sshAnswers?.get(found.address);
    const path = ['status', 'addresses', found.index];
    if (answer === undefined) yield { undecided: 'the node came after port 22 was tried' };
    else if (answer === 'failed') yield { undecided: 'the bot has no way to the address of the node' };
    else if (answer !== 'closed') yield { path, ports: ['tcp/22'], message: `${answer === 'ssh' ? 'An SSH server' : 'Port 22'} answers on ${found.address}, as seen from where the bot runs; it tried because the configuration says probeSsh` };
  },
});
