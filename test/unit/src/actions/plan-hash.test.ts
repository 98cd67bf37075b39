import { describe, expect, test } from '@jest/globals';
import { planHash } from '#src/actions/plan-hash.ts';
import type { ObjectAddress, Plan, Proof, RemoveItem } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ADDRESS: ObjectAddress = { cluster: 'prod', apiVersion: `${GROUP}/v1`, kind: 'RoleBinding', resource: 'rolebindings', namespace: 'shop', name: 'ops' };
const BOB = { kind: 'User', apiGroup: GROUP, name: 'bob' };
const ANN = { ...BOB, name: 'ann' };
const BEFORE = { metadata: { name: 'ops', uid: 'u1', resourceVersion: '7' }, roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: 'edit' }, subjects: [ANN, BOB] };
const PROOF: Proof = { question: { cluster: 'prod', user: 'bob', groups: [], verb: 'list', group: '', resource: 'secrets' }, expect: 'denied' };
const REMOVE: RemoveItem = { type: 'remove-item', address: ADDRESS, text: 'edit in shop', path: ['subjects'], item: BOB, before: BEFORE };

function planOf(changes: Plan['changes'], more: Partial<Plan> = {}): Plan {
  return { changes, stays: ['Ann keeps it.'], proofs: [PROOF], basis: ['rules'], ...more };
}

function removal(change: Partial<RemoveItem>, before: RawObject = {}): Plan {
  return planOf([{ ...REMOVE, ...change, before: { ...BEFORE, ...before } }]);
}

const REMOVAL = planOf([REMOVE]);
const DELETION = planOf([{ type: 'delete', address: ADDRESS, text: 'x', before: BEFORE }]);
const deletion = (before: RawObject): Plan => planOf([{ type: 'delete', address: ADDRESS, text: 'x', before: { ...BEFORE, ...before } }]);
const setting = (more: { readonly previous?: string; readonly value?: string; readonly before?: RawObject }): Plan =>
  planOf([{ type: 'set-text', address: ADDRESS, text: 'x', path: ['metadata', 'labels', 'a'], previous: 'old', value: 'new', before: BEFORE, ...more }]);
const listing = (more: { readonly previous?: readonly string[]; readonly value?: readonly string[]; readonly before?: RawObject }): Plan =>
  planOf([{ type: 'set-texts', address: ADDRESS, text: 'x', path: ['spec', 'ranges'], previous: ['a'], value: ['a', 'b'], before: BEFORE, ...more }]);
const creation = (body: RawObject): Plan => planOf([{ type: 'create', address: ADDRESS, text: 'x', body: { metadata: { name: 'ops' }, roleRef: BEFORE.roleRef, subjects: [BOB], ...body } }]);
const replacement = (before: RawObject, body: RawObject): Plan => planOf([{ type: 'replace', address: ADDRESS, text: 'x', before: { ...BEFORE, ...before }, body: { metadata: { name: 'ops' }, spec: {}, ...body } }]);

describe('src/actions/plan-hash.ts', () => {
  test('is a SHA-256 in hexadecimal', () => {
    expect(planHash(REMOVAL)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[string, Plan, Plan]>([
    ['the version of the object', REMOVAL, removal({}, { metadata: { ...BEFORE.metadata, resourceVersion: '8', managedFields: [{ manager: 'x' }], generation: 2 } })],
    ['labels and annotations', REMOVAL, removal({}, { metadata: { ...BEFORE.metadata, labels: { a: 'b' }, annotations: { c: 'd' } } })],
    ['other subjects and their order', REMOVAL, removal({}, { subjects: [BOB, { ...BOB, name: 'zoe' }] })],
    ['how much of the subject is written out', REMOVAL, removal({ item: { name: 'bob', kind: 'User' } })],
    ['the status', REMOVAL, removal({}, { status: { phase: 'x' } })],
    ['the order of fields', REMOVAL, removal({ address: Object.fromEntries(Object.entries(ADDRESS).reverse()) as unknown as ObjectAddress })],
    ['the wording', REMOVAL, removal({ text: 'may edit in shop' })],
    ['labels of what is deleted', DELETION, deletion({ metadata: { ...BEFORE.metadata, labels: { a: 'b' } } })],
    ['the order of subjects of what is deleted', DELETION, deletion({ subjects: [BOB, ANN] })],
    ['other labels beside the one that is set', setting({}), setting({ before: { ...BEFORE, metadata: { ...BEFORE.metadata, labels: { b: 'c' } } } })],
    ['what else of the object changes beside the list that is set', listing({}), listing({ before: { ...BEFORE, spec: { ports: [] } } })],
    ['what a server keeps about what is created', creation({}), creation({ metadata: { name: 'ops', resourceVersion: '1' }, status: {} })],
    ['the version of what is replaced', replacement({}, {}), replacement({ metadata: { ...BEFORE.metadata, resourceVersion: '8' } }, {})],
  ])('is the same whatever %s', (_name, one, other) => {
    expect(planHash(other)).toBe(planHash(one));
  });

  test.each<[string, Plan, Plan]>([
    ['the role', REMOVAL, removal({}, { roleRef: { ...BEFORE.roleRef, name: 'admin' } })],
    ['the kind of role', REMOVAL, removal({}, { roleRef: { ...BEFORE.roleRef, kind: 'Role' } })],
    ['the subject', REMOVAL, removal({ item: ANN })],
    ['the kind of subject', REMOVAL, removal({ item: { ...BOB, kind: 'Group' } })],
    ['the object, although its name is the same', REMOVAL, removal({}, { metadata: { ...BEFORE.metadata, uid: 'u2' } })],
    ['the name of the object', REMOVAL, removal({ address: { ...ADDRESS, name: 'dev' } })],
    ['the cluster', REMOVAL, removal({ address: { ...ADDRESS, cluster: 'test' } })],
    ['the list', REMOVAL, removal({ path: ['others'] })],
    ['whether it can be taken back', REMOVAL, removal({ irreversible: 'it cannot' })],
    ['the sort of change', REMOVAL, DELETION],
    ['the number of changes', REMOVAL, planOf([...REMOVAL.changes, ...REMOVAL.changes])],
    ['the proofs', REMOVAL, planOf(REMOVAL.changes, { proofs: [{ ...PROOF, expect: 'allowed' }] })],
    ['the basis', REMOVAL, planOf(REMOVAL.changes, { basis: ['other rules'] })],
    ['what stays', REMOVAL, planOf(REMOVAL.changes, { stays: [] })],
    ['who else loses a right by a deletion', DELETION, deletion({ subjects: [BOB, ANN, { ...BOB, name: 'zoe' }] })],
    ['the value', setting({}), setting({ value: 'newer' })],
    ['what was there', setting({}), setting({ previous: 'older' })],
    ['the list that is put', listing({}), listing({ value: ['a', 'c'] })],
    ['the list that stood there', listing({}), listing({ previous: ['a', 'd'] })],
    ['the object of the list', listing({}), listing({ before: { ...BEFORE, metadata: { ...BEFORE.metadata, uid: 'u2' } } })],
    ['what is replaced', replacement({}, {}), replacement({ subjects: [ANN] }, {})],
    ['what is put in its place', replacement({}, {}), replacement({}, { spec: { order: 1 } })],
    ['who is given something', creation({}), creation({ subjects: [ANN] })],
  ])('is another when it is another: %s', (_name, one, other) => {
    expect(planHash(other)).not.toBe(planHash(one));
  });
});
