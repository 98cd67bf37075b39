import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { aNamespace, aPod } from './api.ts';

// An independent client. `KUBECTL` names the program to use; where it is set it has to be there.
const kubectl = process.env.KUBECTL ?? 'kubectl';
const isThere = process.env.KUBECTL !== undefined || spawnSync(kubectl, ['version', '--client']).status === 0;

function manifest(replicas: number, image: string): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: "${image}", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}]}
`;
}

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

(isThere ? describe : describe.skip)('src/sandbox/kube/sandbox.ts with kubectl', () => {
  let folder: string;
  let sandbox: KubeSandbox;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
    const status = { phase: 'Running', podIP: '192.0.2.7', containerStatuses: [{ name: 'web', ready: true, restartCount: 3, image: 'nginx', imageID: '', state: { running: {} } }] };
    sandbox = await startKubeSandbox({ users: [{ name: 'alice', groups: ['dev'] }], objects: [aNamespace('shop'), aPod('one', 'shop', { spec: { nodeName: 'node-1' }, status })] });
    for (const user of ['admin', 'alice']) writeFileSync(join(folder, user), sandbox.kubeconfig(user));
    writeFileSync(join(folder, 'first.yaml'), manifest(2, 'nginx:1.27'));
    writeFileSync(join(folder, 'second.yaml'), manifest(3, 'nginx:1.28'));
  });

  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  });

  function run(args: string, user = 'admin'): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, user) };
      const child = spawn(kubectl, args.split(' '), { cwd: folder, env });
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') }));
    });
  }

  /** What kubectl says when all goes well. */
  async function says(args: string, user?: string): Promise<string> {
    const { status, out, err } = await run(args, user);
    expect({ args, status, err: status === 0 ? '' : err }).toEqual({ args, status: 0, err: '' });
    return out.trimEnd();
  }

  const READS: readonly (readonly [string, string | RegExp])[] = [
    ['get ns -o name', 'namespace/default\nnamespace/kube-node-lease\nnamespace/kube-public\nnamespace/kube-system\nnamespace/shop'],
    ['get pod -n shop', /^NAME +READY +STATUS +RESTARTS +AGE\none +1\/1 +Running +3 +\d+s$/],
    ['get pod -A -o wide', /^NAMESPACE +NAME .*\nshop +one +1\/1 +Running +3 +\d+s +192\.0\.2\.7 +node-1 +<none> +<none>$/],
    ['get pod one -n shop -o jsonpath={.status.podIP}', '192.0.2.7'],
    ['get pod one -n shop -o yaml', /^apiVersion: v1\nkind: Pod\nmetadata:\n/],
    ['get pods -n shop --field-selector status.phase=Running -o name', 'pod/one'],
    ['get clusterroles view -o json', /"aggregationRule"/],
    ['get all -n shop', /pod\/one/],
    ['get secrets,configmaps -n shop', /configmap\/kube-root-ca\.crt/],
    ['get pods -n shop --chunk-size=1 --sort-by=.metadata.name -o name', 'pod/one'],
    ['describe pod one -n shop', /Node: +node-1[\s\S]*Restart Count: +3/],
    ['describe clusterrole view', /PolicyRule:\n/],
    ['describe ns shop', /Status: +Active/],
    ['api-resources --api-group=apps -o name', 'controllerrevisions.apps\ndaemonsets.apps\ndeployments.apps\nreplicasets.apps\nstatefulsets.apps'],
    ['api-versions', /^rbac\.authorization\.k8s\.io\/v1$/m],
    ['explain deployment.spec.strategy', /FIELD: strategy <DeploymentStrategy>[\s\S]*rollingUpdate\s+<RollingUpdateDeployment>/],
    ['get --raw /readyz', 'ok'],
    ['cluster-info', /control plane.* is running at/],
    ['auth whoami', /system:masters/],
    ['auth can-i create deployments', 'yes'],
    ['auth can-i --list --as alice', /selfsubjectaccessreviews\.authorization\.k8s\.io/],
  ];

  test.each(READS)('%s', async (args, expected) => {
    expect(await says(args)).toMatch(expected instanceof RegExp ? expected : new RegExp(`^${expected.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`));
  });

  test('applies, compares and applies again', async () => {
    const first = await says('apply -f first.yaml');
    const again = await says('apply -f first.yaml');
    const difference = await run('diff -f second.yaml');
    const dry = await says('apply -f second.yaml --dry-run=server');
    const second = await says('apply -f second.yaml');

    expect([first, again, dry, second]).toEqual([
      'deployment.apps/cart created\nservice/cart created',
      'deployment.apps/cart unchanged\nservice/cart unchanged',
      'deployment.apps/cart configured (server dry run)\nservice/cart unchanged (server dry run)',
      'deployment.apps/cart configured\nservice/cart unchanged',
    ]);
    expect([difference.status, difference.out]).toEqual([1, expect.stringMatching(/-.*image: nginx:1\.27\n\+.*image: nginx:1\.28/)]);
    expect(await says('get deploy cart -n shop -o jsonpath={.spec.replicas}/{.spec.template.spec.containers[0].image}')).toBe('3/nginx:1.28');
  });

  test('applies on the server, and tells of conflicts', async () => {
    await says('apply --server-side --force-conflicts -f first.yaml');
    await says('label deploy cart -n shop app=other --overwrite');

    const refused = await run('apply --server-side -f first.yaml');

    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('conflict with "kubectl-label" using apps/v1: .metadata.labels.app')]);
    expect(await says('apply --server-side --force-conflicts -f first.yaml')).toContain('deployment.apps/cart serverside-applied');
  });

  test('labels, annotates, patches, scales and sets images', async () => {
    expect(await says('label deploy cart -n shop team=a')).toBe('deployment.apps/cart labeled');
    expect(await says('annotate deploy cart -n shop note=b')).toBe('deployment.apps/cart annotated');
    expect(await says('patch deploy cart -n shop -p {"spec":{"minReadySeconds":5}}')).toBe('deployment.apps/cart patched');
    expect(await says('patch deploy cart -n shop --type=json -p [{"op":"test","path":"/spec/minReadySeconds","value":5},{"op":"remove","path":"/spec/minReadySeconds"}]')).toBe('deployment.apps/cart patched');
    expect(await says('scale deploy cart -n shop --replicas=4')).toBe('deployment.apps/cart scaled');
    expect(await says('set image deploy/cart cart=nginx:2 -n shop')).toBe('deployment.apps/cart image updated');
    expect(await says('get deploy cart -n shop -o jsonpath={.metadata.labels.team}{.metadata.annotations.note}{.spec.replicas}{.spec.template.spec.containers[0].image}')).toBe('ab4nginx:2');
  });

  test('makes roles and bindings, and asks what they allow', async () => {
    expect((await run('auth can-i list pods -n shop', 'alice')).out.trim()).toBe('no');

    await says('create role reader --verb=list,get --resource=pods,pods/log -n shop');
    await says('create rolebinding readers --role=reader --group=dev -n shop');

    expect(await says('auth can-i list pods -n shop', 'alice')).toBe('yes');
    expect(await says('get pods -n shop -o name', 'alice')).toBe('pod/one');
    expect(await run('get secrets -n shop', 'alice')).toMatchObject({
      status: 1,
      err: expect.stringContaining('Error from server (Forbidden): secrets is forbidden: User "alice" cannot list resource "secrets" in API group "" in the namespace "shop"'),
    });
  });

  test('makes a token that works', async () => {
    const token = await says('create token default -n shop');

    expect(await says(`--token=${token} auth whoami -o jsonpath={.status.userInfo.username}`)).toBe('system:serviceaccount:shop:default');
  });

  test('watches', async () => {
    const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'admin') };
    const child = spawn(kubectl, ['get', 'configmaps', '-n', 'shop', '--watch', '-o', 'name'], { env });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

    const before = await lines.next();
    await says('create configmap watched -n shop --from-literal=a=b');
    const after = await lines.next();
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.kill();
    await closed;

    expect([before.value, after.value]).toEqual(['configmap/kube-root-ca.crt', 'configmap/watched']);
  });

  test('deletes, and waits until it is gone', async () => {
    expect(await says('delete pod one -n shop')).toMatch(/^pod "one" deleted/);
    expect(await says('delete deploy,service --all -n shop')).toMatch(/deployment\.apps "cart" deleted/);
    expect(await says('delete ns shop')).toMatch(/^namespace "shop" deleted/);
    expect((await run('get ns shop')).err).toContain('Error from server (NotFound): namespaces "shop" not found');
  });
});
