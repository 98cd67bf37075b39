import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { MOST_NODE_FILES, nodeReportObject, readNodeReport, type NodeFile } from '#src/model/node-files.ts';
import { objectsAt, textAt } from '#src/model/raw.ts';
import { LOCATIONS } from '#src/node-files/locations.ts';
import { lookAtNodeFiles } from '#src/node-files/look.ts';
import { withFolder } from '#test/build/files.ts';
import { withoutRoot } from '#test/build/without-root.ts';

const PKI = '/etc/kubernetes/pki';
const signal = new AbortController().signal;

interface Node {
  /** Modes by path; those of folders end with a slash. */
  readonly modes?: Readonly<Record<string, number>>;
  readonly links?: Readonly<Record<string, string>>;
}

/** What a node with these files reports. */
function reported({ modes = {}, links = {} }: Node, look: (root: string) => Promise<readonly NodeFile[]> = (root) => lookAtNodeFiles(root, signal)): Promise<readonly NodeFile[]> {
  return withFolder({ 'etc/hostname': '', 'var/lib/dpkg/status': '' }, async (root) => {
    await chmod(root, 0o755);
    for (const path of Object.keys(modes)) {
      await mkdir(path.endsWith('/') ? join(root, path) : dirname(join(root, path)), { recursive: true });
      if (!path.endsWith('/')) await writeFile(join(root, path), 'content that nobody reads');
    }
    for (const [path, target] of Object.entries(links)) await symlink(target, join(root, path));
    for (const [path, mode] of Object.entries(modes)) await chmod(join(root, path), mode);
    try {
      return await look(root);
    } finally {
      for (const path of Object.keys(modes)) if (path.endsWith('/')) await chmod(join(root, path), 0o755);
    }
  });
}

describe('src/node-files/look.ts', () => {
  test('reports modes and owners as they are', async () => {
    const [file, ...others] = await reported({ modes: { '/etc/kubernetes/admin.conf': 0o4640 } });

    expect(others).toEqual([]);
    expect(file).toEqual({ file: 'admin-conf', path: '/etc/kubernetes/admin.conf', kind: 'file', mode: '4640', uid: process.getuid?.(), gid: process.getgid?.() });
  });

  test.each<[string, Node, readonly (readonly [string, string, string?])[]]>([
    ['a node without anything of Kubernetes', {}, []],
    ['a folder of data', { modes: { '/var/lib/etcd/': 0o700, '/var/lib/etcd/member/wal': 0o600 } }, [['etcd-data', '/var/lib/etcd', '0700']]],
    ['the files of a folder, and no folders in it', { modes: { '/etc/cni/net.d/10.conflist': 0o644, '/etc/cni/net.d/old/9.conflist': 0o644 } }, [['cni', '/etc/cni/net.d/10.conflist', '0644']]],
    [
      'certificates, keys and the rest to the bottom',
      { modes: { [`${PKI}/`]: 0o755, [`${PKI}/ca.crt`]: 0o644, [`${PKI}/etcd/`]: 0o700, [`${PKI}/etcd/ca.key`]: 0o600, [`${PKI}/sa.pub`]: 0o604 } },
      [['client-ca', `${PKI}/ca.crt`, '0644'], ['pki', PKI, '0755'], ['pki-certificate', `${PKI}/ca.crt`, '0644'], ['pki', `${PKI}/etcd`, '0700'], ['pki-key', `${PKI}/etcd/ca.key`, '0600'], ['pki', `${PKI}/sa.pub`, '0604']],
    ],
    ['a file behind a link by its own mode, under the path of the link', { modes: { '/var/lib/elsewhere': 0o640 }, links: { 'etc/kubernetes': '/var/lib/conf', 'var/lib/conf': '.', 'var/lib/admin.conf': '/var/lib/elsewhere' } }, [['admin-conf', '/etc/kubernetes/admin.conf', '0640']]],
    ['a folder once that links lead to again', { modes: { [`${PKI}/`]: 0o755 }, links: { [`${PKI}/again`]: PKI } }, [['pki', PKI, '0755']]],
  ])('%s', async (_, node, expected) => {
    const files = await reported(node);

    expect(files.map((file) => ('mode' in file ? [file.file, file.path, file.mode] : file))).toEqual(expected);
  });

  test.each<[string, Node, NodeFile]>([
    ['a link to what is not mounted', { modes: { '/etc/kubernetes/': 0o755 }, links: { 'etc/kubernetes/admin.conf': '/opt/admin.conf' } }, { file: 'admin-conf', path: '/etc/kubernetes/admin.conf', unseen: 'a link leads to what is not there, or not mounted' }],
    ['a link in the place of a folder that leads nowhere', { modes: { '/etc/cni/': 0o755 }, links: { 'etc/cni/net.d': 'net.d' } }, { file: 'cni', path: '/etc/cni/net.d', unseen: 'too many links on the way' }],
    ['a name that would look like another', { modes: { '/etc/cni/net.d/a\u202Eb': 0o600 } }, { file: 'cni', path: '/etc/cni/net.d', unseen: 'the name of something in it is no plain text' }],
    ['a name that is very long', { modes: { [`/etc/cni/net.d/${'a'.repeat(201)}`]: 0o600 } }, { file: 'cni', path: '/etc/cni/net.d', unseen: 'the name of something in it is no plain text' }],
    ['folders that are too deep', { modes: { [`${PKI}/1/2/3/4/5/a.key`]: 0o600 } }, { file: 'pki', path: `${PKI}/1/2/3/4/5`, unseen: 'it is too deep' }],
  ])('says that it could not look at %s', async (_, node, expected) => {
    expect(await reported(node)).toContainEqual(expected);
  });

  test.each<[string, Record<string, number>, NodeFile]>([
    ['a folder that tells names and nothing else', { '/etc/cni/net.d/10.conf': 0o600, '/etc/cni/net.d/': 0o644 }, { file: 'cni', path: '/etc/cni/net.d/10.conf', unseen: 'no permission to look there' }],
    ['a folder that tells no names', { '/etc/cni/net.d/': 0o711 }, { file: 'cni', path: '/etc/cni/net.d', unseen: 'no permission to look there' }],
    ['a closed folder', { '/var/lib/rancher/': 0o700 }, { file: 'etcd-data', path: '/var/lib/rancher/rke2/server/db/etcd', unseen: 'no permission to look there' }],
  ])('%s is not taken for an empty one', async (_, modes, expected) => {
    expect(await reported({ modes }, (root) => withoutRoot(() => lookAtNodeFiles(root, signal)))).toContainEqual(expected);
  });

  test('a report holds no more than fits, and says of which folders it holds less', async () => {
    const many = Object.fromEntries(Array.from({ length: MOST_NODE_FILES }, (_, index) => [`/etc/cni/net.d/${'n'.repeat(190)}${index}`, 0o600]));

    const files = await reported({ modes: { ...many, [`${PKI}/ca.key`]: 0o600 } });

    expect(files.length).toBeLessThanOrEqual(MOST_NODE_FILES);
    for (const [file, path] of [['cni', '/etc/cni/net.d'], ['pki', PKI]]) expect(files).toContainEqual({ file, path, unseen: 'there are more files than a report holds' });
    const report = { version: 1 as const, at: '2026-11-01T12:00:00.000Z', files: [...files] };
    expect(readNodeReport(textAt(nodeReportObject('a', report), 'data', 'report.json') ?? '')).toEqual(report);
  });

  test('a folder that is no node is refused', async () => {
    await withFolder({ 'etc/hostname': '' }, async (root) => {
      await expect(lookAtNodeFiles(root, signal)).rejects.toThrow(`There is no node below ${root}: it has no /var/lib.`);
    });
  });

  test('stops when it is told to', async () => {
    await expect(reported({ modes: { '/etc/kubernetes/admin.conf': 0o600 } }, (root) => lookAtNodeFiles(root, AbortSignal.abort(new Error('stop'))))).rejects.toThrow('stop');
  });

  test('every place is in a folder that the pods of nodes have', async () => {
    const daemonSet = parseAllDocuments(await readFile('deploy/kubernetes/k8ssec-node-files.yaml', 'utf8')).map((document) => document.toJSON() as unknown).find((object) => textAt(object, 'kind') === 'DaemonSet');
    const folders = objectsAt(daemonSet, 'spec', 'template', 'spec', 'volumes').flatMap(([, volume]) => textAt(volume, 'hostPath', 'path') ?? []);

    expect(LOCATIONS.filter(({ path }) => !folders.some((folder) => path.startsWith(`${folder}/`)))).toEqual([]);
  });
});
