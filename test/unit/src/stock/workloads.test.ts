import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { isStockWorkload } from '#src/stock/workloads.ts';

const DNS = { name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.12.1', securityContext: { capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } } };
const PROXY = { name: 'kube-proxy', image: 'mirror.corp.example/k8s/kube-proxy:v1.37.2', securityContext: { privileged: true } };
const API = { name: 'kube-apiserver', image: 'registry.k8s.io/kube-apiserver:v1.37.2', command: ['kube-apiserver'] };
const MIRROR = { 'kubernetes.io/config.mirror': '6d1f' };
const EKS_IMAGE = '602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v1.19.0';

describe('src/stock/workloads', () => {
  test.each<[string, RawObject]>([
    ['the DNS of kubeadm', workload('Deployment', 'coredns', { containers: [DNS] })],
    ['kube-proxy from a mirror', workload('DaemonSet', 'kube-proxy', { hostNetwork: true, containers: [PROXY], volumes: [{ hostPath: { path: '/lib/modules' } }, { configMap: { name: 'kube-proxy' } }] })],
    ['the API server of a node', pod('kube-apiserver-a', { nodeName: 'a', hostNetwork: true, containers: [API], volumes: [{ hostPath: { path: '/etc/kubernetes/pki' } }] }, MIRROR)],
    ['the network of Amazon EKS', workload('DaemonSet', 'aws-node', { hostNetwork: true, containers: [{ name: 'aws-node', image: EKS_IMAGE, securityContext: { privileged: true } }] })],
  ])('takes %s for stock', (_, object) => {
    expect(isStockWorkload(String(object.kind), object)).toBe(true);
  });

  test.each<[string, RawObject]>([
    ['DNS in another namespace', workload('Deployment', 'coredns', { containers: [DNS] }, 'shop')],
    ['DNS with a container more', workload('Deployment', 'coredns', { containers: [DNS, { name: 'miner', image: 'coredns' }] })],
    ['DNS with an init container', workload('Deployment', 'coredns', { containers: [DNS], initContainers: [{ ...DNS, name: 'init' }] })],
    ['DNS of another image', workload('Deployment', 'coredns', { containers: [{ ...DNS, image: 'evil/shell:1' }] })],
    ['DNS that was made privileged', workload('Deployment', 'coredns', { containers: [{ ...DNS, securityContext: { privileged: true } }] })],
    ['DNS with a capability more', workload('Deployment', 'coredns', { containers: [{ ...DNS, securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] })],
    ['DNS in the network of its node', workload('Deployment', 'coredns', { hostNetwork: true, containers: [DNS] })],
    ['kube-proxy that sees the processes of its node', workload('DaemonSet', 'kube-proxy', { hostPID: true, containers: [PROXY] })],
    ['kube-proxy with a folder more of its node', workload('DaemonSet', 'kube-proxy', { containers: [PROXY], volumes: [{ hostPath: { path: '/' } }] })],
    ['kube-proxy with a way out of its folder', workload('DaemonSet', 'kube-proxy', { containers: [PROXY], volumes: [{ hostPath: { path: '/lib/modules/../..' } }] })],
    ['an API server that the kubelet did not start', pod('kube-apiserver-a', { nodeName: 'a', containers: [API] })],
    ['a static pod of another name', pod('kube-apiserver-b', { nodeName: 'a', containers: [API] }, MIRROR)],
    ['a workload of the name of a provider with an image of anybody', workload('DaemonSet', 'aws-node', { containers: [{ name: 'aws-node', image: 'evil/amazon-k8s-cni:v1' }] })],
    ['an image of a provider in a namespace of the team', workload('DaemonSet', 'aws-node', { containers: [{ name: 'aws-node', image: EKS_IMAGE }] }, 'shop')],
    ['a workload without containers', workload('Deployment', 'coredns', { containers: [] })],
  ])('does not take %s for stock', (_, object) => {
    expect(isStockWorkload(String(object.kind), object)).toBe(false);
  });
});

function workload(kind: string, name: string, spec: RawObject, namespace = 'kube-system'): RawObject {
  return { apiVersion: 'apps/v1', kind, metadata: { name, namespace }, spec: { template: { spec } } };
}

function pod(name: string, spec: RawObject, annotations: RawObject = {}): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'kube-system', annotations }, spec };
}
