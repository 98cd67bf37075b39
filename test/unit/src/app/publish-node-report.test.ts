import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { publishNodeReport, writeNodeReport } from '#src/app/publish-node-report.ts';
import { configFor } from '#src/kube/contexts.ts';
import { createApiClient } from '#src/kube/request.ts';
import { objectAccess } from '#src/kube/write.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { NodeReport } from '#src/model/node-files.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';

const REPORT: NodeReport = { version: 1, at: '2026-11-01T12:00:00.000Z', files: [] };
const ADDRESS = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'k8ssec-node-files', name: 'worker-1' };
const signal = new AbortController().signal;

let kube: KubeSandbox;

beforeAll(async () => {
  kube = await startKubeSandbox({ objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'k8ssec-node-files' } }] });
});

afterAll(() => kube.stop());

describe('src/app/publish-node-report.ts', () => {
  test('the first report makes the ConfigMap of the node, and the next takes its place', async () => {
    const client = createApiClient(configFor({ text: kube.kubeconfig('admin') }));
    const contents: unknown[] = [];
    for (const at of ['2026-11-01T12:00:00.000Z', '2026-11-01T18:00:00.000Z']) {
      await writeNodeReport(objectAccess(client), 'worker-1', { ...REPORT, at }, signal);
      contents.push(kube.objects.get(ADDRESS)?.data);
    }
    client.close();

    expect(contents).toEqual(['12', '18'].map((hour) => ({ 'report.json': `{"version":1,"at":"2026-11-01T${hour}:00:00.000Z","files":[]}` })));
  });

  test('outside of a pod there is nowhere to write', async () => {
    await expect(publishNodeReport('worker-1', REPORT, signal)).rejects.toThrow(new ClusterUnreachable('this process does not run in a pod of a cluster'));
  });
});
