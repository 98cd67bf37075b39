import { describe, expect, test } from '@jest/globals';
import { volumeView } from '#src/model/persistent-volume.ts';
import type { RawObject } from '#src/model/raw.ts';

const of = (spec: unknown, metadata: RawObject = { name: 'a' }) => volumeView({ apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec });

describe('src/model/persistent-volume.ts', () => {
  test.each([
    ['its own attribute', { csi: { driver: 'csi.scaleway.com', volumeAttributes: { encrypted: 'false' } } }, 'off'],
    ['its own attribute, by the rules of the driver', { csi: { driver: 'driver.longhorn.io', volumeAttributes: { encrypted: 'true' } } }, 'on'],
    ['the Secret that it is mounted with', { csi: { driver: 'csi.hetzner.cloud', nodePublishSecretRef: { name: 'encryption-secret', namespace: 'kube-system' } } }, 'on'],
    ['no Secret that it is mounted with', { csi: { driver: 'csi.hetzner.cloud' } }, 'unknown'],
    ['the Secret of a driver that uses it otherwise', { csi: { driver: 'rbd.csi.ceph.com', nodePublishSecretRef: { name: 'a' } } }, 'unknown'],
    ['nothing', { csi: { driver: 'csi.scaleway.com' } }, 'unknown'],
    ['the attribute of a driver that does not use it', { csi: { driver: 'ebs.csi.aws.com', volumeAttributes: { encrypted: 'false' } } }, 'unknown'],
    ['the attribute of an unknown driver', { csi: { driver: 'storage.example', volumeAttributes: { encrypted: 'true' } } }, 'unknown'],
    ['a provider that encrypts everything', { csi: { driver: 'pd.csi.storage.gke.io' } }, 'on'],
    ['the same before there were drivers', { gcePersistentDisk: { pdName: 'a' } }, 'on'],
    ['a driver without encryption', { csi: { driver: 'nfs.csi.ceph.com', volumeAttributes: { encrypted: 'true' } } }, 'off'],
    ['a disk of Amazon before there were drivers', { awsElasticBlockStore: { volumeID: 'vol-1' } }, 'unknown'],
    ['no settings', null, 'unknown'],
  ])('judges a volume by %s', (_, spec, expected) => {
    expect(of(spec).encryption).toBe(expected);
  });

  test.each([
    [{ csi: { driver: 'x', volumeHandle: 'fr-par-1/7' } }, 'fr-par-1/7'],
    [{ hostPath: { path: '/data' } }, '/data'],
    [{ nfs: { server: 'files.example', path: '/export' } }, 'files.example:/export'],
    [{ iscsi: { targetPortal: '10.0.0.9:3260', iqn: 'iqn.2001-04.com.example:a' } }, '10.0.0.9:3260:iqn.2001-04.com.example:a'],
    [{ fc: { wwids: ['3600508b400105e21'] } }, undefined],
    [{ nfs: 7 }, undefined],
  ])('says where %j is found', (spec, expected) => {
    expect(of(spec).handle).toBe(expected);
  });

  test.each([
    [{ csi: { driver: 'csi.scaleway.com', volumeAttributes: { encrypted: 'true' } } }, ['spec', 'csi', 'volumeAttributes', 'encrypted']],
    [{ csi: { driver: 'csi.hetzner.cloud', nodePublishSecretRef: { name: 'a' } } }, ['spec', 'csi', 'nodePublishSecretRef', 'name']],
    [{ csi: { driver: 'csi.hetzner.cloud' } }, ['spec']],
  ])('says where %j tells of its encryption', (spec, expected) => {
    expect(of(spec).path).toEqual(expected);
  });

  test('takes the class from the annotation of old clusters, and an empty one for none', () => {
    expect(of({}, { name: 'a', annotations: { 'volume.beta.kubernetes.io/storage-class': 'fast' } }).className).toBe('fast');
    expect(of({ storageClassName: '' }).className).toBeUndefined();
  });
});
