import { objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { commandOf, shownCommand } from '#src/model/exec-command.ts';
import { kubernetes, nsa } from '#src/model/references.ts';
import { severityOfTry } from '../requests.ts';

/** Tells of each command that somebody ran in a pod, or tried to. */
export const detection = defineDetection({
  id: 'audit/pod-exec',
  title: 'A command was run in a pod',
  severity: 'high',
  tips: [8],
  why: 'Whoever runs commands in a pod has its data, its credentials and its network, and what happens inside is in no audit log.',
  fix: 'Ask the person whether it was them and why; take the right to exec away from whoever does not need it.',
  sources: [nsa('Audit Logging and Threat Detection'), kubernetes('Auditing', 'tasks/debug/debug-cluster/audit/')],
  audit: {
    resources: ['pods/exec'],
    verbs: ['create', 'get'],
    *judge(event) {
      const command = shownCommand(commandOf(event) ?? []);
      const what = command.length === 0 ? '' : `: ${command.join(' ')}`;
      const did = event.outcome === 'allowed' ? 'ran a command in' : 'tried to run a command in';
      yield { severity: severityOfTry(event, 'high'), message: `${userName(event)} ${did} ${objectName(event)}${what}`, ...(command.length > 0 && { command }) };
    },
  },
});
