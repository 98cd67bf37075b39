import { describe, expect, test } from '@jest/globals';
import { componentsOf } from '#src/model/component.ts';
import type { RawObject } from '#src/model/raw.ts';
import { podOf } from '#src/model/workload.ts';

describe('src/model/component', () => {
  test.each<[string, RawObject, string | undefined]>([
    ['its command', { command: ['kube-apiserver', '--x'] }, 'kube-apiserver'],
    ['the last step of its command', { command: ['/usr/local/bin/etcd'] }, 'etcd'],
    ['its arguments where it has no command', { args: ['kube-scheduler', '--x'] }, 'kube-scheduler'],
    ['its image where it has no command', { image: 'quay.io/coreos/etcd:v3.5.9', args: ['--x'] }, 'etcd'],
    ['its image less the architecture', { image: 'registry.k8s.io/kube-apiserver-arm64:v1.16.0' }, 'kube-apiserver'],
    ['the text of a shell', { command: ['/bin/sh', '-c', 'exec /usr/bin/kubelet --x'] }, 'kubelet'],
    ['no image where it has a command', { image: 'registry.k8s.io/etcd:3.5', command: ['etcdctl', 'snapshot'] }, undefined],
    ['no other program', { command: ['kube-apiserver-exporter'] }, undefined],
    ['nothing where nothing is said', {}, undefined],
  ])('knows a component by %s', (_, container, name) => {
    expect(components(container).map((component) => component.name)).toEqual(name === undefined ? [] : [name]);
  });

  test('reads flags with = or a blank, and of a flag that is given twice the last one', () => {
    const [server] = components({ command: ['kube-apiserver', '--a=1', '--b', '2', '--switch', '--a=3=4'], args: ['--c=5', 'word', '--last'] });

    const flags = [...(server?.flags ?? [])].map(([name, { value }]) => [name, value]);

    expect(flags).toEqual([
      ['a', '3=4'],
      ['b', '2'],
      ['switch', 'true'],
      ['c', '5'],
      ['last', 'true'],
    ]);
  });

  test('reads the environment of etcd like flags, which win', () => {
    const env = [{ name: 'ETCD_CERT_FILE', value: '/a' }, { name: 'ETCD_AUTO_TLS', value: 'true' }, { name: 'ETCD_NAME', valueFrom: {} }, { name: 'HOME', value: '/' }];

    const [store] = components({ command: ['etcd', '--auto-tls=false'], env });
    const [server] = components({ command: ['kube-apiserver'], env });

    expect([...(store?.flags ?? [])].map(([name, { value, path }]) => [name, value, path.slice(3)])).toEqual([
      ['cert-file', '/a', ['env', 0, 'value']],
      ['auto-tls', 'false', ['command', 1]],
    ]);
    expect(server?.flags.size).toBe(0);
  });

  test.each<[RawObject, number | undefined]>([
    [{ image: 'registry.k8s.io/kube-apiserver:v1.34.2', command: ['kube-apiserver'] }, 34],
    [{ image: 'index.docker.io/rancher/hardened-kubernetes:v1.32.11-rke2r1', command: ['kube-apiserver'] }, 32],
    [{ image: 'registry.k8s.io/kube-apiserver@sha256:abc', command: ['kube-apiserver'] }, undefined],
    [{ image: 'registry.k8s.io/etcd:1.2.3', command: ['etcd'] }, undefined],
  ])('knows the version of %j', (container, minor) => {
    expect(components(container)[0]?.version?.minor).toBe(minor);
  });

  test('says where a flag stands', () => {
    const [server] = components({ command: ['kube-apiserver'], args: ['--a=1'] });

    expect(server?.flags.get('a')?.path).toEqual(['spec', 'containers', 0, 'args', 0]);
  });
});

function components(container: RawObject): ReturnType<typeof componentsOf> {
  const pod = podOf({ apiVersion: 'v1', kind: 'Pod', spec: { containers: [container] } });
  return pod === undefined ? [] : componentsOf(pod);
}
