import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { isObject, type RawObject } from '#src/model/raw.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { CHANGE_CASES } from '#test/build/change-cases.ts';
import { changeScene, RBAC } from '#test/build/changes.ts';

const BOT = 'system:serviceaccount:k8ssec:k8ssec';
const ACCOUNT = { kind: 'ServiceAccount', name: 'k8ssec', namespace: 'k8ssec' };

/** The rights that can be installed and no others, but for the kinds that cases use in place of what a cluster has once. */
function installed(): readonly RawObject[] {
  const files = ['deploy/kubernetes/scan-role.gen.yaml', 'deploy/kubernetes/k8ssec-enforce.gen.yaml'];
  const objects = files.flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as unknown)).filter(isObject);
  const inPlaceOf = {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'test' },
    rules: [{ apiGroups: [''], resources: ['configmaps', 'namespaces'], verbs: ['get', 'patch'] }],
  };
  return [...objects, inPlaceOf, ...['k8ssec-enforce-tokens', 'k8ssec-enforce-accounts', 'k8ssec-enforce-network', 'k8ssec-enforce-services', 'test'].map(bound)];
}

function bound(name: string): RawObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name }, subjects: [ACCOUNT] };
}

let kube: KubeSandbox;

beforeAll(async () => {
  kube = await startKubeSandbox({ objects: installed() });
});

afterAll(() => kube.stop());

describe('src/actions with the rights of deploy/kubernetes', () => {
  test.each(CHANGE_CASES)('$name', async ({ run }) => {
    const scene = await changeScene(kube.kubeconfig('admin'), kube.kubeconfig(BOT));
    try {
      await run(scene);
    } finally {
      await scene.close();
    }
  });
});
