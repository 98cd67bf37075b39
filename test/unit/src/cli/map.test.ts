import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { withFolder } from '#test/build/files.ts';
import { printing, writeProgram } from '#test/build/programs.ts';
import { createSink, runCli, type CliOutcome } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';

const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web' }] } } } };
const DB = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace: 'shop' }, spec: { template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db' }] } } } };
const CLOSED = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } };
const WEB_TO_DB = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'db', namespace: 'shop' }, spec: { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] }] } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'web', namespace: 'shop' }, spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] } },
];
const SHOP = [WEB, DB, CLOSED, ...WEB_TO_DB];
const EDGE = { from: 'shop/web[Deployment]', to: 'shop/db[StatefulSet]', ports: ['TCP/5432'] };
const CILIUM = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'x', namespace: 'shop' }, spec: {} };

describe('src/cli/map.ts', () => {
  test('prints an edge for each connection, the files when asked to, and a summary', async () => {
    const outcome = await map({ 'shop.json': SHOP }, ['--list-files']);

    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(outcome.records()).toEqual([
      { type: 'file', file: 'shop.json', objects: 5 },
      { type: 'edge', file: 'shop.json', ...EDGE },
      { type: 'summary', files: 1, objects: 5, unreadable: 0, checks: ['map'], findings: 1 },
    ]);
  });

  test('maps what charts and kustomizations make', async () => {
    const records = await withFolder({ 'shop/Chart.yaml': 'name: shop', 'prod/kustomization.yaml': 'resources: [a.json]', 'prod/a.json': JSON.stringify(WEB) }, async (folder) =>
      withFolder({}, async (bin) => {
        await writeProgram(bin, 'helm', printing(`---\n# Source: shop/templates/all.yaml\n${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [DB, CLOSED, ...WEB_TO_DB] })}`));
        await writeProgram(bin, 'kustomize', printing(JSON.stringify(WEB)));
        return (await runCli(['map', folder], { env: { PATH: bin } })).records();
      }),
    );

    expect(records).toMatchObject([{ type: 'edge', ...EDGE }, { type: 'summary', files: 3, objects: 5, unreadable: 0 }]);
  });

  test('maps what is written in the language of Terraform, with the values that its folder gives', async () => {
    const files = {
      'main.tf': `
        resource "kubernetes_pod" "web" {
          metadata {
            name      = "web"
            namespace = var.namespace
          }
          spec {
            container {
              name = "web"
            }
          }
        }
        resource "aws_instance" "node" {}`,
      'variables.tf': 'variable "namespace" { default = "shop" }',
    };
    const records = await withFolder(files, async (folder) => (await runCli(['map', folder])).records());

    expect(records).toMatchObject([
      { type: 'edge', from: 'external', to: 'shop/web[Pod]' },
      { type: 'edge', from: 'shop/web[Pod]', to: 'external' },
      { type: 'summary', files: 2, objects: 3, unreadable: 0 },
    ]);
  });

  test('says what it could not render', async () => {
    const outcome = await withFolder({ 'shop/Chart.yaml': 'name: shop', 'a.json': JSON.stringify(WEB) }, (folder) => runCli(['map', folder], { env: { PATH: '' } }));

    expect(outcome.records()[0]).toMatchObject({ type: 'unreadable', reason: 'the chart is not rendered: there is no helm on the PATH' });
  });

  test('takes all files for one cluster, or each for its own', async () => {
    const files = { 'a.json': [WEB, DB], 'b.json': [CLOSED, ...WEB_TO_DB] };

    expect(edgesIn(await map(files))).toEqual([EDGE]);
    expect(edgesIn(await map(files, ['--isolate', 'file'])).filter(({ from }) => from !== 'external')).toEqual([
      { file: 'a.json', from: 'shop/db[StatefulSet]', to: 'external', ports: ['all'], ranges: ['0.0.0.0/0', '::/0'] },
      { file: 'a.json', from: 'shop/db[StatefulSet]', to: 'shop/web[Deployment]', ports: ['all'] },
      { file: 'a.json', from: 'shop/web[Deployment]', to: 'external', ports: ['all'], ranges: ['0.0.0.0/0', '::/0'] },
      { file: 'a.json', from: 'shop/web[Deployment]', to: 'shop/db[StatefulSet]', ports: ['all'] },
    ]);
  });

  test('shows pods as the owner that is not in the files, and leaves out what an owner stands for', async () => {
    const owned = (name: string, kind: string, owner: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', ownerReferences: [{ controller: true, kind, name: owner }] }, spec: { containers: [] } });
    const pods = [owned('web-1', 'ReplicaSet', 'web-5d'), owned('web-2', 'ReplicaSet', 'web-5d'), owned('db-0', 'StatefulSet', 'db'), owned('proxy-node-1', 'Node', 'node-1'), DB];

    const { stdout } = await map({ 'a.json': pods }, ['--format', 'json']);

    expect((JSON.parse(stdout) as { maps: object[] }).maps).toMatchObject([{ file: 'a.json', workloads: ['shop/db[StatefulSet]', 'shop/proxy-node-1[Pod]', 'shop/web-5d[ReplicaSet]'] }]);
  });

  test('draws a picture of the one map that there is', async () => {
    const svg = await map({ 'a.json': SHOP }, ['--format', 'svg']);
    const png = await map({ 'a.json': SHOP }, ['--format', 'png']);

    expect(svg.stdout).toMatch(/^<svg [^>]*>[^]*Network map · a\.json[^]*TCP 5432[^]*<\/svg>\n$/);
    expect(png.stdout.slice(0, 8)).toBe('\u0089PNG\r\n\u001a\n');
    expect([svg, png].map(({ status, stderr }) => [status, stderr])).toEqual([[0, ''], [0, '']]);
  });

  test('draws no picture of several maps, and none into a terminal', async () => {
    const several = await map({ 'a.json': SHOP }, ['--format', 'svg', '--isolate', 'file']);
    const clusters = await runCli(['map', '--context', 'a,b', '--format', 'png']);
    const terminal = await withFolder({ 'a.json': JSON.stringify(SHOP[0]) }, (folder) => runCli(['map', folder, '--format', 'png'], { stdout: createSink({ isTTY: true }) }));

    for (const { status, stderr } of [several, clusters]) expect([status, stderr]).toEqual([2, expect.stringContaining('A picture shows one map')]);
    expect([terminal.status, terminal.stderr]).toEqual([2, expect.stringContaining('write it to a file')]);
  });

  test('draws graphs in which no name can do harm', async () => {
    const named = { ...WEB, metadata: { name: 'x"] --> n0; end', namespace: 'shop' } };

    const mermaid = await map({ 'a.json': [named, CLOSED] }, ['--format', 'mermaid']);
    const dot = await map({ 'a.json': SHOP }, ['--format', 'dot']);

    expect(mermaid.stdout).toBe('flowchart LR\n  n0["external"]\n  n1["ingress-controller"]\n  n2["shop/x#34;#93; --#62; n0#59; end#91;Deployment#93;"]\n');
    expect(dot.stdout).toContain('  n2 [label="shop/db[StatefulSet]"];\n  n3 [label="shop/web[Deployment]"];\n  n3 -> n2 [label="TCP/5432"];\n}\n');
  });

  test('prints lines for people', async () => {
    expect((await map({ 'a.json': SHOP }, ['--format', 'text'])).stdout).toBe('# a.json\nshop/web[Deployment] → shop/db[StatefulSet]  TCP/5432\n');
  });

  test('says that policies of plugins are not on the map', async () => {
    expect((await map({ 'a.json': [WEB, CILIUM] })).stderr).toContain('a.json: 1 network policy that only Cilium or Calico read is not part of the map');
  });

  test('judges ClusterNetworkPolicies, and says where one is not understood or names what is not on the map', async () => {
    const policy = (name: string, egress: object): RawObject => ({ apiVersion: 'policy.networking.k8s.io/v1beta1', kind: 'ClusterNetworkPolicy', metadata: { name }, spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [egress] } });
    const closed = policy('closed', { action: 'Deny', to: [{ networks: ['0.0.0.0/0', '::/0'] }] });
    const odd = policy('odd', { action: 'Log', to: [{ namespaces: {} }] });
    const named = policy('named', { action: 'Accept', to: [{ domainNames: ['example.com'] }] });

    const { stdout, stderr } = await map({ 'a.json': [WEB, closed, odd, named] }, ['--format', 'text']);

    expect(stdout).toBe('# a.json\nexternal → shop/web[Deployment]  all  (0.0.0.0/0, ::/0)\n');
    expect(stderr).toContain('a.json: ClusterNetworkPolicy odd is not understood at spec.egress[0].action: that part of it is not in the map.');
    expect(stderr).toContain('a.json: ClusterNetworkPolicy named names nodes, domains or networks that pods may be in: the map shows it for what is sure.');
  });

  test('maps clusters', async () => {
    const outcome = await runCli(['map', '--context', 'prod'], { sources: { prod: clusterOf(SHOP) } });

    expect(outcome.status).toBe(0);
    expect(outcome.records()).toMatchObject([{ type: 'edge', cluster: 'prod', ...EDGE }, { type: 'cluster', cluster: 'prod', objects: 5 }, { type: 'summary', clusters: 1, findings: 1 }]);
  });

  test('draws no map of a cluster whose policies cannot be read', async () => {
    const outcome = await runCli(['map', '--context', 'prod'], { sources: { prod: clusterOf(SHOP, { NetworkPolicy: 'no permission to list networkpolicies' }) } });

    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toContain('prod: no permission to list networkpolicies');
  });

  test('is wrong use where nothing can be read', async () => {
    expect(await map({ 'a.yaml': 'a: [' })).toMatchObject({ status: 2 });
    expect(await runCli(['map', 'nowhere'])).toMatchObject({ status: 2, stdout: '' });
  });
});

async function map(files: Readonly<Record<string, string | readonly object[]>>, flags: readonly string[] = []): Promise<CliOutcome> {
  const texts = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? content : JSON.stringify(content)]));
  return withFolder(texts, async (folder) => {
    const outcome = await runCli(['map', folder, ...flags]);
    const shorten = (text: string) => text.replaceAll(`${folder}/`, '');
    return { ...outcome, stdout: shorten(outcome.stdout), stderr: shorten(outcome.stderr), records: () => JSON.parse(shorten(JSON.stringify(outcome.records()))) as Record<string, unknown>[] };
  });
}

function edgesIn(outcome: CliOutcome): readonly Record<string, unknown>[] {
  return outcome.records().filter(({ type }) => type === 'edge').map(({ type: _, ...edge }) => edge);
}

function clusterOf(objects: readonly RawObject[], unlisted: Readonly<Record<string, string>> = {}): ObjectSource {
  return { ...sourceOf(objects, { unlisted }), complete: true };
}
