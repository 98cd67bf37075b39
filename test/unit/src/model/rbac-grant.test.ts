import { describe, expect, test } from '@jest/globals';
import { rbac } from '#src/facts/rbac.ts';
import type { Kind } from '#src/model/kinds.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { grantOf, type Grant, type Risk } from '#src/model/rbac-grant.ts';
import { holdingsOf } from '#src/model/rbac-holdings.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { binding, role } from '#test/build/rbac.ts';

const SECRETS: Risk = { rights: [{ verbs: ['get'], resources: ['secrets'] }], severity: 'high', severityWithin: 'medium', severityNarrowed: 'low' };
const PROXY: Risk = { rights: [{ verbs: ['get'], resources: ['nodes/proxy'] }], severity: 'critical' };
const BIND: Risk = {
  rights: [{ verbs: ['bind'], resources: ['clusterroles'], needs: [{ verbs: ['create'], resources: ['rolebindings'] }], quietAlone: true }],
  severity: 'critical',
};
const SHELL: Risk = { rights: [{ verbs: ['get'], resources: ['pods/exec'], weakFromMinor: 35 }], severity: 'high' };
const SIGNERS: Risk = { rights: [{ verbs: ['approve'], resources: ['signers'], names: (name) => name === 'client' }], severity: 'critical' };
const DNS: Risk = { rights: [{ verbs: ['update'], resources: ['configmaps'] }], namespace: 'kube-system', severity: 'medium' };
const TWO: Risk = { rights: [{ verbs: ['get'], resources: ['secrets'] }, { verbs: ['list'], resources: ['secrets'] }], severity: 'high' };

const everywhere = binding('b', 'ClusterRole/r', ['User/jo']);
const inShop = binding('b', 'ClusterRole/r', ['User/jo'], 'shop');

describe('src/model/rbac-grant', () => {
  test.each<[string, Risk, RawObject[], [Grant['severity'], Grant['reach']] | undefined]>([
    ['everywhere', SECRETS, [role('r', ['get secrets']), everywhere], ['high', 'everywhere']],
    ['within namespaces', SECRETS, [role('r', ['get secrets']), inShop], ['medium', 'within']],
    ['everywhere, when both', SECRETS, [role('r', ['get secrets']), inShop, everywhere], ['high', 'everywhere']],
    ['with named objects', SECRETS, [role('r', ['get secrets [tls]']), everywhere], ['low', 'everywhere']],
    ['with all objects, when another rule names some', SECRETS, [role('r', ['get secrets [tls]', 'get secrets']), everywhere], ['high', 'everywhere']],
    ['that nothing binds', SECRETS, [role('r', ['get secrets'])], ['low', 'unbound']],
    ['that a binding gives to nobody', SECRETS, [role('r', ['get secrets']), binding('b', 'ClusterRole/r', [])], ['low', 'unbound']],
    ['of the whole cluster in a Role', PROXY, [role('r', ['get nodes/proxy'], { namespace: 'shop' }), binding('b', 'Role/r', ['User/jo'], 'shop')], ['low', 'idle']],
    ['of the whole cluster within a namespace', PROXY, [role('r', ['get nodes/proxy']), inShop], ['low', 'idle']],
    ['of the whole cluster by a wildcard within a namespace', PROXY, [role('r', ['* *:*']), inShop], undefined],
    ['of the whole cluster that nothing binds yet', PROXY, [role('r', ['* *:*'])], ['low', 'unbound']],
    ['by a name that is no wildcard', PROXY, [role('r', ['get nodes/*']), everywhere], ['low', 'idle']],
    ['half of it', BIND, [role('r', ['bind rbac.authorization.k8s.io:clusterroles']), everywhere], ['high', 'everywhere']],
    ['half of it, within a namespace', BIND, [role('r', ['bind rbac.authorization.k8s.io:clusterroles']), inShop], ['high', 'within']],
    ['half of it, that nothing binds', BIND, [role('r', ['bind rbac.authorization.k8s.io:clusterroles'])], undefined],
    [
      'half of it, and the other half from another role',
      BIND,
      [role('r', ['bind rbac.authorization.k8s.io:clusterroles']), everywhere, role('s', ['create rbac.authorization.k8s.io:rolebindings']), binding('c', 'ClusterRole/s', ['User/jo'])],
      ['critical', 'everywhere'],
    ],
    ['that is no longer enough', SHELL, [role('r', ['get pods/exec']), everywhere], ['medium', 'everywhere']],
    ['of a name that is as bad as all', SIGNERS, [role('r', ['approve certificates.k8s.io:signers [client,other]']), everywhere], ['critical', 'everywhere']],
    ['of a name that does not matter', SIGNERS, [role('r', ['approve certificates.k8s.io:signers [other]']), everywhere], undefined],
    ['in the namespace that matters', DNS, [role('r', ['update configmaps']), binding('b', 'ClusterRole/r', ['User/jo'], 'kube-system')], ['medium', 'within']],
    ['in one that does not', DNS, [role('r', ['update configmaps']), inShop], undefined],
    ['in one that does not, where nothing binds it', DNS, [role('r', ['update configmaps'], { namespace: 'shop' })], undefined],
  ])('judges a right %s', (_, risk, objects, expected) => {
    const grant = first(risk, objects, NEWEST_KNOWN.minor);

    expect(grant && [grant.severity, grant.reach]).toEqual(expected);
  });

  test('asks for the version', () => {
    const objects = [role('r', ['get pods/exec']), everywhere];

    expect([34, 35].map((minor) => first(SHELL, objects, minor)?.severity)).toEqual(['high', 'medium']);
  });

  test('names the rule of the worst right, and of two as bad the first', () => {
    const objects = [role('r', ['get pods', 'list secrets [tls]', 'get secrets', 'list secrets']), everywhere];

    expect(first(TWO, objects, NEWEST_KNOWN.minor)?.index).toBe(2);
  });

  test('finds nothing where a right is held that counts as another risk', () => {
    const risk: Risk = { ...SECRETS, without: [{ verbs: ['list'], resources: ['secrets'] }] };

    expect(first(risk, [role('r', ['get secrets', 'list secrets']), everywhere], NEWEST_KNOWN.minor)).toBeUndefined();
    expect(first(risk, [role('r', ['get secrets', 'list secrets [tls]']), everywhere], NEWEST_KNOWN.minor)?.severity).toBe('high');
  });
});

/** What the role `r` is of the risk. */
function first(risk: Risk, objects: readonly RawObject[], minor: number): Grant | undefined {
  const state = rbac.start();
  for (const object of objects) {
    const namespace = textAt(object, 'metadata', 'namespace');
    rbac.add(state, object, { ref: { kind: textAt(object, 'kind') as Kind, ...(namespace !== undefined && { namespace }), name: textAt(object, 'metadata', 'name') ?? '' }, stock: false });
  }
  const version = { minor };
  const table = rbac.finish(state, { version, settings: NO_SETTINGS, now: new Date('2026-11-01T12:00:00Z') });
  const holding = holdingsOf(table).find(({ object }) => object.ref.name === 'r');
  if (holding === undefined) throw new Error('the role r holds nothing');
  return grantOf(risk, holding, table, version);
}
