import type { CheckItem } from '#src/model/check.ts';
import type { Severity } from '#src/model/finding.ts';
import type { NodeFileName } from '#src/model/node-files.ts';
import { itemsOf, type NumberedRow } from '../flag-rows.ts';

/** The most that the mode of a file may allow. */
export interface ModeRow extends NumberedRow {
  readonly item: string;
  readonly allowed: number;
}

/** Whose a file has to be. */
export interface OwnerRow extends NumberedRow {
  readonly item: string;
  /** `etcd` stands for any account but root, because which number is that of etcd is written in a file of the node. */
  readonly owner: 'root' | 'etcd';
}

/** What is asked of a file. */
interface FileRule {
  /** Absent where it may be any. */
  readonly kind?: 'file' | 'folder';
  readonly mode?: ModeRow;
  readonly owner?: OwnerRow;
}

const PKI_OWNER: OwnerRow = { item: 'pki-owner', title: 'Certificates and keys of the control plane belong to root', severity: 'high', cis: '1.1.19', owner: 'root' };
const ETCD_DATA: ModeRow = { item: 'etcd-data', title: 'Only etcd reads its data', severity: 'high', cis: '1.1.11', allowed: 0o700 };

/** What is asked of each file, by what it is to Kubernetes. */
export const RULES: Readonly<Record<NodeFileName, FileRule>> = {
  'apiserver-manifest': rule('apiserver-manifest', 'manifest of the API server', 'medium', '1.1.1', '1.1.2'),
  'controller-manager-manifest': rule('controller-manager-manifest', 'manifest of the controller manager', 'medium', '1.1.3', '1.1.4'),
  'scheduler-manifest': rule('scheduler-manifest', 'manifest of the scheduler', 'medium', '1.1.5', '1.1.6'),
  'etcd-manifest': rule('etcd-manifest', 'manifest of etcd', 'medium', '1.1.7', '1.1.8'),
  cni: rule('cni', 'configuration of the network plugin', 'low', '1.1.9', '1.1.10'),
  'etcd-data': {
    kind: 'folder',
    mode: ETCD_DATA,
    owner: { item: 'etcd-data-owner', title: 'The data of etcd belongs to an account of its own', severity: 'low', cis: '1.1.12', owner: 'etcd' },
  },
  'etcd-data-of-k3s': { kind: 'folder', mode: ETCD_DATA },
  'admin-conf': rule('admin-conf', 'kubeconfig of administrators', 'high', '1.1.13', '1.1.14'),
  'scheduler-conf': rule('scheduler-conf', 'kubeconfig of the scheduler', 'high', '1.1.15', '1.1.16'),
  'controller-manager-conf': rule('controller-manager-conf', 'kubeconfig of the controller manager', 'high', '1.1.17', '1.1.18'),
  pki: { owner: PKI_OWNER },
  'pki-certificate': { kind: 'file', mode: { item: 'pki-certificate', title: 'Only root reads certificates of the control plane', severity: 'low', cis: '1.1.20', allowed: 0o600 }, owner: PKI_OWNER },
  'pki-key': { kind: 'file', mode: { item: 'pki-key', title: 'Only root reads keys of the control plane', severity: 'high', cis: '1.1.21', allowed: 0o600 }, owner: PKI_OWNER },
  'kubelet-service': rule('kubelet-service', 'service file of the kubelet', 'low', '4.1.1', '4.1.2'),
  'kube-proxy-conf': rule('kube-proxy-conf', 'kubeconfig of kube-proxy', 'high', '4.1.3', '4.1.4'),
  'kubelet-conf': rule('kubelet-conf', 'kubeconfig of the kubelet', 'high', '4.1.5', '4.1.6'),
  'client-ca': {
    kind: 'file',
    // It is public: that nobody else writes it is what counts.
    mode: { item: 'client-ca', title: 'Only root changes the authority of client certificates', severity: 'high', cis: '4.1.7', allowed: 0o644 },
    owner: { item: 'client-ca-owner', title: 'The authority of client certificates belongs to root', severity: 'high', cis: '4.1.8', owner: 'root' },
  },
  'kubelet-config': rule('kubelet-config', 'configuration of the kubelet', 'low', '4.1.9', '4.1.10'),
};

/** Both rows of each rule, by item. */
export const ROWS: Readonly<Record<string, NumberedRow>> = Object.fromEntries(
  Object.values(RULES).flatMap(({ mode, owner }) => [mode, owner].filter((row) => row !== undefined).map((row) => [row.item, row])),
);

export const ITEMS: Readonly<Record<string, CheckItem>> = itemsOf(ROWS);

function rule(item: string, what: string, severity: Severity, modeCis: string, ownerCis: string): FileRule {
  return {
    kind: 'file',
    mode: { item, title: `Only root reads the ${what}`, severity, cis: modeCis, allowed: 0o600 },
    owner: { item: `${item}-owner`, title: `The ${what} belongs to root`, severity: 'high', cis: ownerCis, owner: 'root' },
  };
}
