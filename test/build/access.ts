import { generate } from 'selfsigned';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { Person } from '#src/model/people.ts';
import { ClusterUnreachable, readOnlyCluster, type Cluster, type Clusters } from '#src/model/clusters.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NO_ACCESS_SETTINGS, NO_SETTINGS, type AccessSettings } from '#src/model/settings.ts';
import type { AccessMap } from '#src/people/access-path.ts';
import { readAccessMap } from '#src/people/access-map.ts';
import { sourceOf } from '#test/fakes/source.ts';
import { aPerson } from './people.ts';

export const NOW = new Date('2026-11-23T08:00:00.000Z');

/** A person that one system tells of, Okta unless said otherwise. */
export function aKnownPerson(id: string, more: Partial<KnownPerson> = {}, told: Partial<Person> = {}, source = 'okta'): KnownPerson {
  const person = aPerson(id, { ...(more.state !== undefined && more.state !== 'conflict' && { state: more.state, evidence: `status: ${more.state.toUpperCase()}` }), ...told });
  const { name, emails, logins, kind } = person;
  return { id: `${source}/${id}`, name, emails, logins, kind, state: 'active', confidence: 'high', testimonies: [{ source, person, asOf: '2026-11-23T07:00:00.000Z' }], ...more };
}

export function accessSettings(more: Partial<AccessSettings> = {}): AccessSettings {
  return { ...NO_ACCESS_SETTINGS, ...more };
}

export function accessMapOf(objects: readonly RawObject[], { cluster = 'prod', unlisted = {} }: { readonly cluster?: string; readonly unlisted?: Readonly<Record<string, string>> } = {}): Promise<AccessMap> {
  return readAccessMap(cluster, sourceOf(objects, { unlisted, complete: true }), NOW, new AbortController().signal);
}

/** Clusters by name, from their objects, or from why they do not answer; and by kind why some of it cannot be listed. */
export function clustersOf(worlds: Readonly<Record<string, readonly RawObject[] | string>>, production: readonly string[] = [], unlisted: Readonly<Record<string, string>> = {}): Clusters & { readonly opened: () => number } {
  let opened = 0;
  const all = Object.keys(worlds).map((name): Cluster => ({ name, production: production.includes(name), channel: undefined, schedule: 'off', timeZone: 'UTC' }));
  return {
    opened: () => opened,
    settings: NO_SETTINGS,
    all: () => all,
    find: (name) => all.find((cluster) => cluster.name === name),
    open(name) {
      const world = worlds[name] ?? 'it is not watched';
      if (typeof world === 'string') return Promise.reject(new ClusterUnreachable(world));
      opened += 1;
      return Promise.resolve({ ...readOnlyCluster(sourceOf(world, { unlisted, complete: true })), close: () => void (opened -= 1) });
    },
  };
}

/** The request for a client certificate that the cluster has issued. */
export async function aClientCertificate(user: string, { groups = [], expiresAt = '2027-03-03T00:00:00.000Z' }: { readonly groups?: readonly string[]; readonly expiresAt?: string } = {}): Promise<RawObject> {
  const subject = [{ name: 'commonName', value: user }, ...groups.map((value) => ({ name: 'organizationName', value }))];
  const { cert } = await generate(subject, { keyType: 'ec', curve: 'P-256', algorithm: 'sha256', notBeforeDate: new Date('2026-01-01T00:00:00.000Z'), notAfterDate: new Date(expiresAt) });
  return {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: `csr-${user}` },
    spec: { signerName: 'kubernetes.io/kube-apiserver-client' },
    status: { conditions: [{ type: 'Approved', status: 'True' }], certificate: Buffer.from(cert).toString('base64') },
  };
}

export function anAwsAuth(mapUsers: string, more: Readonly<Record<string, string>> = {}, metadata: RawObject = {}): RawObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'aws-auth', namespace: 'kube-system', ...metadata }, data: { mapUsers, ...more } };
}

export function anArgoConfig(data: Readonly<Record<string, string>>, metadata: RawObject = {}): RawObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace: 'argocd', ...metadata }, data };
}

/** With further metadata, such as the labels of whoever manages it. */
export function withMetadata(object: RawObject, metadata: RawObject): RawObject {
  return { ...object, metadata: { ...(object.metadata as RawObject), ...metadata } };
}

