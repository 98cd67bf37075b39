import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import type { ObjectSource } from '#src/model/source.ts';
import { runCli } from '#test/fakes/cli-world.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { CHECKS, monitored, privileged } from './samples/checks.ts';

function podOf(name: string, namespace: string): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers: [{ name: 'main', securityContext: { privileged: true } }] } };
}

function clusterOf(objects: readonly RawObject[], options: Parameters<typeof sourceOf>[1] = {}): ObjectSource {
  return { ...sourceOf(objects, options), complete: true };
}

const namespace = (name: string): RawObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const shop = clusterOf([namespace('shop'), namespace('web'), podOf('a', 'shop'), podOf('b', 'web')], { version: { minor: 34 } });

describe('src/cli/scan-clusters.ts', () => {
  test('prints findings by cluster, and the version the cluster tells', async () => {
    const outcome = await runCli(['scan', '--context', 'prod'], { checks: [privileged], sources: { prod: shop } });

    expect(outcome).toMatchObject({ status: 1, stderr: '' });
    expect(outcome.records()).toMatchObject([
      { type: 'finding', cluster: 'prod', check: 'workload/privileged', object: { namespace: 'shop', name: 'a' } },
      { type: 'finding', cluster: 'prod', object: { namespace: 'web', name: 'b' } },
      { type: 'cluster', cluster: 'prod', version: 'v1.34', objects: 2 },
      { type: 'summary', files: 0, clusters: 1, objects: 2, checks: ['workload/privileged'], findings: 2, kubernetesVersion: 'v1.34' },
    ]);
    expect(outcome.records().some((record) => 'file' in record || 'line' in record)).toBe(false);
  });

  test('scans several clusters one after the other, each once', async () => {
    const outcome = await runCli(['scan', '--context', 'prod,test,prod'], { checks: [privileged], sources: { prod: shop, test: clusterOf([podOf('c', 'x')]) } });

    expect(outcome.records().map(({ type, cluster }) => [type, cluster])).toEqual([
      ['finding', 'prod'],
      ['finding', 'prod'],
      ['cluster', 'prod'],
      ['finding', 'test'],
      ['cluster', 'test'],
      ['summary', undefined],
    ]);
    expect(outcome.records().at(-1)).not.toHaveProperty('kubernetesVersion');
  });

  test('takes a cluster for a whole one', async () => {
    const outcome = await runCli(['scan', '--context', 'prod'], { checks: [monitored], sources: { prod: shop } });

    expect(outcome.records()[0]).toMatchObject({ type: 'finding', message: 'No namespace is for monitoring' });
  });

  test('prints only findings of one namespace on demand', async () => {
    const outcome = await runCli(['scan', '--context', 'prod', '--namespace', 'web'], { checks: [privileged], sources: { prod: shop } });

    expect(outcome.records()).toMatchObject([{ object: { namespace: 'web' } }, { objects: 2 }, { findings: 1 }]);
  });

  test('a namespace that is not there is not a healthy one', async () => {
    const outcome = await runCli(['scan', '--context', 'prod', '--namespace', 'shpo'], { checks: [privileged], sources: { prod: shop } });

    expect(outcome).toMatchObject({ status: 2, stderr: 'k8ssec: prod: it has no namespace shpo. Did you mean shop?\n' });
  });

  test('what could not be looked at is in the result and told about', async () => {
    const source = clusterOf([podOf('a', 'shop')], { unlisted: { ConfigMap: 'no permission to list configmaps' } });
    const outcome = await runCli(['scan', '--context', 'prod'], { checks: CHECKS, sources: { prod: source } });

    expect(outcome.stderr).toBe('k8ssec: prod: 3 checks could not be evaluated, or only in part: no allowed registries are configured, no permission to list configmaps\n');
    expect(outcome.records().at(-1)).toMatchObject({
      notEvaluated: [
        { check: 'iac/registry', cluster: 'prod' },
        { check: 'node/flag', reason: 'no permission to list configmaps', cluster: 'prod' },
        { check: 'audit/echo', reason: 'no permission to list configmaps', cluster: 'prod' },
      ],
    });
  });

  test('a gap of one cluster stays one when the check ran in another', async () => {
    const closed = clusterOf([podOf('a', 'shop')], { unlisted: { ConfigMap: 'no permission to list configmaps' } });
    const outcome = await runCli(['scan', '--context', 'open,closed', '--skip', 'iac/*'], { checks: CHECKS, sources: { open: shop, closed } });

    expect(outcome.records().at(-1)).toMatchObject({ checks: expect.arrayContaining(['audit/echo']) as unknown, notEvaluated: [{ check: 'node/flag', cluster: 'closed' }, { check: 'audit/echo', cluster: 'closed' }] });
  });

  test('a cluster that cannot be reached is exit status 2, and the others are judged', async () => {
    const outcome = await runCli(['scan', '--context', 'gone,prod'], { checks: [privileged], sources: { gone: 'the API server refuses connections', prod: shop } });

    expect(outcome).toMatchObject({ status: 2, stderr: 'k8ssec: gone: the API server refuses connections\n' });
    expect(outcome.records().at(-1)).toMatchObject({ clusters: 1, findings: 2 });
  });

  test('a cluster in which nothing may be listed was not read', async () => {
    const closed = clusterOf([], { unlisted: { ConfigMap: 'no permission to list configmaps' } });
    const outcome = await runCli(['scan', '--context', 'closed', '--checks', 'audit/echo'], { checks: CHECKS, sources: { closed } });

    expect(outcome).toMatchObject({ status: 2, stderr: 'k8ssec: closed: nothing in it could be read: no permission to list configmaps\n' });
  });
});
