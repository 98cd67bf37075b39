import { namespaces } from '#src/facts/namespaces.ts';
import { nodeFileReports, type NodeFileReport } from '#src/facts/node-file-reports.ts';
import { nodes } from '#src/facts/nodes.ts';
import { defineClusterCheck, type ClusterProblem, type Subject, type Undecided } from '#src/model/check.ts';
import type { Severity } from '#src/model/finding.ts';
import { NODE_FILES_NAMESPACE, type NodeFile, type SeenFile } from '#src/model/node-files.ts';
import { rowSources } from '../flag-rows.ts';
import { ITEMS, ROWS, RULES, type ModeRow, type OwnerRow } from './rows.ts';

/** A report that is older says nothing of the node as it is. */
const OLDEST_MS = 48 * 3600_000;
/** Clocks of nodes are never quite right. */
const FUTURE_MS = 10 * 60_000;
const MOST_NAMED = 3;
const OTHERS_WRITE = 0o022;
const OTHERS = 0o077;
const PLAIN = /^[\w./@:+-]+$/;

/**
 * Reports files of nodes that more accounts than root (of etcd's data: than etcd's) may read or change.
 *
 * Only what runs on a node can look at its files: the DaemonSet `k8ssec-node-files`, which has to be deployed on purpose. It looks at
 * modes and owners, never into files. Each node reports in a ConfigMap of its own, and nothing but itself; one that does not report,
 * or not for two days, is undecided.
 */
export const check = defineClusterCheck({
  id: 'node/file-permission',
  title: 'Files of the control plane and of kubelets are root\'s alone',
  severity: 'high',
  tips: [6],
  items: ITEMS,
  why: 'Kubeconfigs, keys and manifests on a node are worth the cluster: whoever reads or writes them needs no rights in it.',
  fix: 'Change mode and owner on the node as the finding says, and in what installs the node, so that it stays so.',
  sources: rowSources(ROWS),
  needs: { namespaces, nodeFileReports, nodes },
  *judge({ namespaces, nodeFileReports: all, nodes }, { now, complete }) {
    // What a node has left behind that is gone.
    const reports = all.filter(({ node }) => !complete || nodes.names.has(node));
    if (reports.length === 0) {
      yield { notEvaluated: whyNone(namespaces.has(NODE_FILES_NAMESPACE)) };
      return;
    }
    const asked = new Set<string>();
    for (const { node, subject: report, report: said } of reports) {
      const subject = nodeSubject(node, report);
      const usable = usableReport(said, now);
      if ('fault' in usable) yield { undecided: usable.fault, subject };
      else yield* judgeNode(usable.files, subject, asked);
    }
    const reporting = new Set(reports.map(({ node }) => node));
    for (const name of nodes.names) if (!reporting.has(name)) yield { undecided: 'a node does not report its files', subject: nodeSubject(name) };
    for (const item of Object.keys(ITEMS)) if (!asked.has(item)) yield { item, notEvaluated: 'no node that reports has such a file' };
  },
});

function whyNone(isDeployed: boolean): string {
  return isDeployed
    ? 'no node reports its files: look at the pods of the DaemonSet k8ssec-node-files'
    : 'files of nodes are looked at only where the DaemonSet k8ssec-node-files runs (deploy/kubernetes/k8ssec-node-files.yaml)';
}

function usableReport(report: NodeFileReport['report'], now: Date): NodeFileReport['report'] {
  if ('fault' in report) return { fault: `the report of a node cannot be read: ${report.fault}` };
  const ageMs = now.getTime() - Date.parse(report.at);
  if (ageMs > OLDEST_MS) return { fault: 'a node has not reported its files for more than 48 hours' };
  return ageMs < -FUTURE_MS ? { fault: 'the report of a node is from the future' } : report;
}

/** The finding is about the node; where it is shown in a file, it stands at the report. */
function nodeSubject(name: string, report?: Subject): Subject {
  return { ref: { apiVersion: 'v1', kind: 'Node', name }, stock: false, ...(report?.origin !== undefined && { origin: report.origin }) };
}

/** `asked` gets the items that the node has a file for. */
function* judgeNode(files: readonly NodeFile[], subject: Subject, asked: Set<string>): Generator<ClusterProblem | Undecided> {
  const seen: SeenFile[] = [];
  for (const file of files) {
    const { mode, owner, kind } = RULES[file.file];
    for (const row of [mode, owner]) if (row !== undefined) asked.add(row.item);
    if ('unseen' in file) yield { undecided: `files of a node could not be looked at: ${file.unseen}`, subject };
    else if (kind !== undefined && file.kind !== kind) yield { undecided: `what should be a ${kind} is none`, subject };
    else seen.push(file);
  }
  for (const row of new Set(Object.values(RULES).flatMap(({ mode }) => mode ?? []))) yield* judgeMode(seen.filter(({ file }) => RULES[file].mode === row), row, subject);
  for (const row of new Set(Object.values(RULES).flatMap(({ owner }) => owner ?? []))) yield* judgeOwner(seen.filter(({ file }) => RULES[file].owner === row), row, subject);
}

/** One finding for all files of an item: they are mended together. */
function* judgeMode(files: readonly SeenFile[], { item, allowed, severity }: ModeRow, subject: Subject): Generator<ClusterProblem> {
  const excess = (file: SeenFile) => Number.parseInt(file.mode, 8) & 0o777 & ~allowed;
  const loose = files.filter((file) => excess(file) !== 0);
  if (loose.length === 0) return;
  const all = loose.reduce((bits, file) => bits | excess(file), 0);
  const message = `More than ${octal(allowed)} is allowed by the mode of ${named(loose, ({ mode }) => mode)}; on the node: chmod ${less(all)} ${paths(loose)}`;
  yield { subject, item, severity: severityOf(all, severity), message };
}

/** That others may write is worse than that they may read, and what only the owner may does no harm. */
function severityOf(excess: number, severity: Severity): Severity {
  if ((excess & OTHERS) === 0) return 'low';
  return (excess & OTHERS_WRITE) === 0 ? severity : 'high';
}

function* judgeOwner(files: readonly SeenFile[], { item, owner }: OwnerRow, subject: Subject): Generator<ClusterProblem> {
  const wrong = files.filter(({ uid, gid }) => (owner === 'root' ? uid !== 0 || gid !== 0 : uid === 0 || gid === 0));
  if (wrong.length === 0) return;
  const why = owner === 'root' ? 'Not root:root but somebody else owns' : 'Root and not an account of its own owns';
  yield { subject, item, message: `${why} ${named(wrong, ({ uid, gid }) => `${uid}:${gid}`)}; on the node: chown ${owner}:${owner} ${paths(wrong)}` };
}

function named(files: readonly SeenFile[], what: (file: SeenFile) => string): string {
  const shown = files.slice(0, MOST_NAMED).map((file) => `${file.path} (${what(file)})`);
  return files.length > MOST_NAMED ? `${shown.join(', ')} and ${files.length - MOST_NAMED} more` : shown.join(', ');
}

/**
 * For a shell; the names are those that the node says. One that would need quotes is left out: where messages are shown other characters
 * may stand for some, and a command that is copied from there must not become another.
 */
function paths(files: readonly SeenFile[]): string {
  const shown = files.slice(0, MOST_NAMED).flatMap(({ path }) => (PLAIN.test(path) ? path : []));
  return [...shown, ...(shown.length < files.length ? ['…'] : [])].join(' ');
}

/** What takes the bits away: `u-x,go-rw`. */
function less(bits: number): string {
  const letters = (shift: number) => ['r', 'w', 'x'].filter((_, index) => ((bits >> shift) & (4 >> index)) !== 0).join('');
  const [user, group, others] = [letters(6), letters(3), letters(0)];
  const classes = group === others ? [['u', user], ['go', group]] : [['u', user], ['g', group], ['o', others]];
  return classes.filter(([, rights]) => rights !== '').map(([who, rights]) => `${who}-${rights}`).join(',');
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
