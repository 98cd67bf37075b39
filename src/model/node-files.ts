import { at, integerAt, isObject, textAt, type RawObject } from './raw.ts';

/** Where nodes report their files: a ConfigMap for each, which has the name of the node. */
export const NODE_FILES_NAMESPACE = 'k8ssec-node-files';
export const NODE_REPORT_KEY = 'report.json';

/** What is looked at on a node. Several files may be the same to Kubernetes, such as the certificates of the control plane. */
const NODE_FILES = [
  'apiserver-manifest',
  'controller-manager-manifest',
  'scheduler-manifest',
  'etcd-manifest',
  'cni',
  'etcd-data',
  /** Of an etcd that is a part of k3s, and so belongs to root. */
  'etcd-data-of-k3s',
  'admin-conf',
  'scheduler-conf',
  'controller-manager-conf',
  'pki',
  'pki-certificate',
  'pki-key',
  'kubelet-service',
  'kube-proxy-conf',
  'kubelet-conf',
  'client-ca',
  'kubelet-config',
] as const;

export type NodeFileName = (typeof NODE_FILES)[number];

/** A report says no more; the API server takes no object of more than about a megabyte. */
export const MOST_NODE_FILES = 500;
const MOST_BYTES = 512 * 1024;
const LONGEST_PATH = 1000;

const LARGEST_ID = 2 ** 32 - 1;

/** Neither characters that hide or reorder text, nor a path that is relative. */
const PLAIN_PATH = /^\/[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffd]*$/u;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const MODE = /^[0-7]{4}$/;
const KINDS = ['file', 'folder', 'other'] as const;
/** A fixed choice, because people read it who do not read it as the word of a node. */
const UNSEEN_REASONS = [
  'no permission to look there',
  'it cannot be read',
  'a link leads to what is not there, or not mounted',
  'too many links on the way',
  'the name of something in it is no plain text',
  'it is too deep',
  'there are more files than a report holds',
] as const;

export type UnseenReason = (typeof UNSEEN_REASONS)[number];

interface AboutFile {
  readonly file: NodeFileName;
  readonly path: string;
}

/** A file as it is on its node. */
export interface SeenFile extends AboutFile {
  readonly kind: (typeof KINDS)[number];
  /** In octal digits, such as `0644`. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** Something that may be there and could not be looked at, and why. What is surely not there is not told of. */
interface UnseenFile extends AboutFile {
  readonly unseen: UnseenReason;
}

export type NodeFile = SeenFile | UnseenFile;

/** What one node says of its files. A node that somebody has taken over says what they like, of itself alone. */
export interface NodeReport {
  readonly version: 1;
  /** As ISO 8601 in UTC. */
  readonly at: string;
  readonly files: readonly NodeFile[];
}

/** A report from the text of a ConfigMap, or why it is none. What a report does not have is left out. */
export function readNodeReport(text: string): NodeReport | { readonly fault: string } {
  if (text.length > MOST_BYTES) return { fault: 'it is too long' };
  const value = parsed(text);
  if (value === undefined) return { fault: 'it is no JSON' };
  if (integerAt(value, 'version') !== 1) return { fault: 'it is not of version 1' };
  const time = textAt(value, 'at') ?? '';
  if (!TIME.test(time) || Number.isNaN(Date.parse(time))) return { fault: 'it has no time' };
  const given = at(value, 'files');
  if (!Array.isArray(given) || given.length > MOST_NODE_FILES) return { fault: 'it has no list of files, or too long a one' };
  const files = given.map(readFile);
  const isWhole = (file: NodeFile | undefined): file is NodeFile => file !== undefined;
  return files.every(isWhole) ? { version: 1, at: time, files } : { fault: 'one of its files is none' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function readFile(value: unknown): NodeFile | undefined {
  const file = NODE_FILES.find((name) => name === textAt(value, 'file'));
  const path = textAt(value, 'path') ?? '';
  if (!isObject(value) || file === undefined || path.length > LONGEST_PATH || !PLAIN_PATH.test(path)) return undefined;
  const unseen = UNSEEN_REASONS.find((reason) => reason === textAt(value, 'unseen'));
  if (unseen !== undefined) return { file, path, unseen };
  const kind = KINDS.find((name) => name === textAt(value, 'kind'));
  const mode = textAt(value, 'mode') ?? '';
  const [uid, gid] = [integerAt(value, 'uid'), integerAt(value, 'gid')];
  if (kind === undefined || !MODE.test(mode) || !isId(uid) || !isId(gid)) return undefined;
  return { file, path, kind, mode, uid, gid };
}

function isId(id: number | undefined): id is number {
  return id !== undefined && id >= 0 && id <= LARGEST_ID;
}

/** A report as the ConfigMap of its node. */
export function nodeReportObject(node: string, report: NodeReport): RawObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: node, namespace: NODE_FILES_NAMESPACE }, data: { [NODE_REPORT_KEY]: JSON.stringify(report) } };
}
