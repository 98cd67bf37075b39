import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { checks } from '#src/checks/index.gen.ts';
import { NODE_FILES_FLAGS } from '#src/cli/flags.ts';
import { NODE_FILES_NAMESPACE, NODE_REPORT_KEY } from '#src/model/node-files.ts';
import { isObject, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { runCli } from '#test/fakes/cli-world.ts';

const FILE = 'deploy/kubernetes/k8ssec-node-files.yaml';
const objects = parseAllDocuments(readFileSync(FILE, 'utf8')).map((document) => document.toJSON() as unknown).filter(isObject);

function only(kind: string): RawObject {
  const found = objects.filter((object) => object.kind === kind);
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} objects are a ${kind}`);
  return found[0];
}

const pod = objectAt(only('DaemonSet'), 'spec', 'template', 'spec');

describe(FILE, () => {
  test('our own checks find nothing in it but what it is for, each with the reason', async () => {
    const outcome = await runCli(['scan', FILE, '--format', 'jsonl'], { checks });

    const records = outcome.records();
    expect(outcome).toMatchObject({ status: 0, stderr: '' });
    expect(records.filter(({ type }) => type === 'suppressed').map((record) => [textAt(record, 'check'), textAt(record, 'item') ?? []].flat().join(':')).sort()).toEqual([
      'access/token-automount:pod',
      'exposure/metadata-service-reachable',
      'exposure/namespace-without-default-deny:egress',
      'exposure/workload-without-network-policy:egress',
      'workload/host-path',
      'workload/image-not-pinned',
      'workload/namespace-without-pod-security',
      'workload/sensitive-host-path',
    ]);
  });

  test('everything is where reports are looked for', () => {
    const places = objects.map((object) => textAt(object, 'metadata', 'namespace') ?? (object.kind === 'Namespace' ? textAt(object, 'metadata', 'name') : undefined)).filter((place) => place !== undefined);
    const policy = only('ValidatingAdmissionPolicy');

    expect(new Set(places)).toEqual(new Set([NODE_FILES_NAMESPACE]));
    expect(textAt(policy, 'spec', 'matchConstraints', 'namespaceSelector', 'matchLabels', 'kubernetes.io/metadata.name')).toBe(NODE_FILES_NAMESPACE);
    expect(JSON.stringify(listAt(policy, 'spec', 'validations'))).toContain(`'${NODE_REPORT_KEY}' in object.data`);
    expect(textAt(only('ValidatingAdmissionPolicyBinding'), 'spec', 'policyName')).toBe(textAt(policy, 'metadata', 'name'));
  });

  test('the policy is about the account that the pods have', () => {
    const account = textAt(pod, 'serviceAccountName') ?? '';

    expect(textAt(only('ServiceAccount'), 'metadata', 'name')).toBe(account);
    expect(objectsAt(only('ValidatingAdmissionPolicy'), 'spec', 'matchConditions').map(([, condition]) => textAt(condition, 'expression'))).toEqual([`request.userInfo.username == 'system:serviceaccount:${NODE_FILES_NAMESPACE}:${account}'`]);
  });

  test('what the pods see of their node they cannot write, and volumes of other pods they do not see', () => {
    const [container] = objectsAt(pod, 'containers').map(([, one]) => one);
    const mounts = objectsAt(container, 'volumeMounts').map(([, mount]) => mount);
    const hidden = mounts.filter((mount) => ['/host/var/lib/kubelet/pods', '/host/var/lib/kubelet/plugins'].includes(textAt(mount, 'mountPath') ?? ''));
    const empty = objectsAt(pod, 'volumes').filter(([, volume]) => isObject(volume.emptyDir)).map(([, volume]) => volume.name);

    expect(mounts.filter((mount) => mount.readOnly !== true)).toEqual([]);
    expect(hidden.map(({ name }) => name)).toEqual([...empty, ...empty]);
  });

  test('its arguments are those of the command', async () => {
    const [container] = objectsAt(pod, 'containers').map(([, one]) => one);
    const [command, ...flags] = textsAt(container, 'args');

    expect(command).toBe('node-files');
    expect(flags.map((flag) => flag.replace(/^--|=.*$/g, ''))).toEqual(Object.keys(NODE_FILES_FLAGS).slice(0, 3));
    expect(await runCli(['node-files', ...flags.map((flag) => flag.replace('$(NODE_NAME)', 'worker-1'))])).toMatchObject({ status: 2, stderr: expect.stringContaining('There is no node below /host') });
  });
});
