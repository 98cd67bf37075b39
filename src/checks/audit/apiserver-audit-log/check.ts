import { components, type RunningComponent } from '#src/facts/components.ts';
import { defineClusterCheck, type ClusterProblem } from '#src/model/check.ts';
import { cis, kubernetes, nsa } from '#src/model/references.ts';

const LOG = 'audit-log-path';
const WEBHOOK = 'audit-webhook-config-file';
const POLICY = 'audit-policy-file';
const STANDARD_OUTPUT = '-';

/** How long and how much of the log on disk is kept, by item. */
const LIMITS = [
  { item: 'maxage', flag: 'audit-log-maxage', least: 30, unit: 'days' },
  { item: 'maxbackup', flag: 'audit-log-maxbackup', least: 10, unit: 'old files' },
  { item: 'maxsize', flag: 'audit-log-maxsize', least: 100, unit: 'MB in one file' },
] as const;

/** Reports each API server that does not log what people do, or forgets it soon. */
export const check = defineClusterCheck({
  id: 'audit/apiserver-audit-log',
  title: 'The API server logs what people do, and keeps it',
  severity: 'high',
  tips: [8],
  items: {
    'log-path': { title: 'The audit log is written', sources: [cis('1.2.16')] },
    policy: { title: 'A policy says what is logged', sources: [cis('3.2.1')] },
    maxage: { title: 'The audit log is kept for 30 days', severity: 'medium', sources: [cis('1.2.17')] },
    maxbackup: { title: 'Ten old files of the audit log are kept', severity: 'medium', sources: [cis('1.2.18')] },
    maxsize: { title: 'Files of the audit log hold 100 MB', severity: 'medium', sources: [cis('1.2.19')] },
  },
  why: 'Without the log nobody can tell who opened a shell, read a Secret or changed a role, during an attack or after it.',
  fix: 'Give the API server --audit-policy-file and --audit-log-path (or --audit-webhook-config-file), with maxage 30, maxbackup 10 and maxsize 100.',
  sources: [
    ...['1.2.16', '1.2.17', '1.2.18', '1.2.19', '3.2.1'].map(cis),
    nsa('Audit Logging and Threat Detection'),
    kubernetes('Auditing', 'tasks/debug/debug-cluster/audit/'),
  ],
  needs: { components },
  *judge({ components }) {
    const servers = components.filter(({ name }) => name === 'kube-apiserver');
    if (servers.length === 0) yield { notEvaluated: 'no pod of an API server was read' };
    for (const server of servers) yield* judgeServer(server);
  },
});

function* judgeServer({ subject, container, path, flags }: RunningComponent): Generator<ClusterProblem> {
  const about = { subject, container };
  const read = (flag: string) => flags.get(flag)?.value ?? '';
  const log = read(LOG);
  const isSent = read(WEBHOOK) !== '';
  if (log === '' && !isSent) yield { ...about, item: 'log-path', path: flags.get(LOG)?.path ?? path, message: `It writes no audit log: neither --${LOG} nor --${WEBHOOK} is set` };
  if (read(POLICY) === '') yield { ...about, item: 'policy', path: flags.get(POLICY)?.path ?? path, message: `It logs nothing of what people do: --${POLICY} is not set` };
  // What is sent away, or to the output of the container, is kept by somebody else.
  if (log === STANDARD_OUTPUT || (log === '' && isSent)) return;
  for (const { item, flag, least, unit } of LIMITS) {
    const text = flags.get(flag)?.value;
    if (text !== undefined && Number(text) >= least) continue;
    yield { ...about, item, path: flags.get(flag)?.path ?? path, message: `Its audit log may be gone when it is needed: --${flag} is ${text === undefined ? 'not set' : `${text}, below ${least} ${unit}`}` };
  }
}
