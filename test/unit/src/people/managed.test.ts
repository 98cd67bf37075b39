import { describe, expect, test } from '@jest/globals';
import { describeManager, managerOf } from '#src/people/managed.ts';

describe('src/people/managed.ts', () => {
  test.each<[string, object, string | undefined]>([
    ['nobody', {}, undefined],
    ['whoever applied it by hand', { managedFields: [{ manager: 'kubectl-client-side-apply' }] }, undefined],
    ['a kustomization of Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux (apps)'],
    ['an application of Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/Service:shop/web' } }, 'Argo CD (shop)'],
    ['a release of Helm', { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'web' } }, 'Helm (web)'],
    ['an owning object', { ownerReferences: [{ kind: 'Gateway', name: 'edge' }] }, 'Gateway (edge)'],
    ['whoever wrote its fields', { managedFields: [{ manager: 'kubectl' }, { manager: 'kustomize-controller' }] }, 'Flux'],
    ['what a label says, more exactly than its fields', { labels: { 'argocd.argoproj.io/instance': 'shop' }, managedFields: [{ manager: 'argocd-controller' }] }, 'Argo CD (shop)'],
  ])('an object is kept by %s', (_, metadata, expected) => {
    const manager = managerOf({ metadata });

    expect(manager && describeManager(manager)).toBe(expected);
  });
});
