import { describe, expect, test } from '@jest/globals';
import { classView, whyOff } from '#src/model/storage-class.ts';
import { STORAGE_DRIVERS } from '#src/model/storage-drivers.ts';

const of = (provisioner: unknown, parameters?: unknown, annotations?: unknown) => classView({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'a', annotations }, provisioner, parameters });

describe('src/model/storage-class.ts', () => {
  test.each([
    ['1', 'on'],
    ['T', 'on'],
    ['TRUE', 'on'],
    ['True', 'on'],
    ['0', 'off'],
    ['yes', 'off'],
    ['', 'off'],
    [undefined, 'off'],
  ])('reads %j like the driver of Scaleway', (encrypted, expected) => {
    expect(of('csi.scaleway.com', { encrypted }).encryption).toBe(expected);
  });

  test.each([
    ['driver.longhorn.io', 'true', 'on'],
    ['driver.longhorn.io', '1', 'off'],
    ['rbd.csi.ceph.com', 'true', 'on'],
    ['cephfs.csi.ceph.com', undefined, 'off'],
    ['nfs.csi.ceph.com', 'true', 'off'],
    ['ebs.csi.aws.com', undefined, 'account'],
    ['ebs.csi.aws.com', 'False', 'off'],
    ['kubernetes.io/aws-ebs', 'true', 'on'],
    ['disk.csi.azure.com', undefined, 'on'],
    ['efs.csi.aws.com', 'true', 'unknown'],
    ['rancher.io/local-path', undefined, 'unknown'],
    ['rook-ceph.rbd.csi.ceph.com', 'true', 'on'],
    ['openshift-storage.cephfs.csi.ceph.com', undefined, 'off'],
    ['a.b.rbd.csi.ceph.com', 'true', 'unknown'],
    ['ebs.csi.eks.amazonaws.com', undefined, 'account'],
    ['ebs.csi.eks.amazonaws.com', 'true', 'on'],
    ['fsx.csi.aws.com', undefined, 'on'],
    ['dobs.csi.digitalocean.com', undefined, 'on'],
    ['cinder.csi.openstack.org', 'true', 'unknown'],
    ['csi.vsphere.vmware.com', undefined, 'unknown'],
    ['openebs.io/local', undefined, 'unknown'],
    ['csi.hetzner.cloud', 'true', 'off'],
    ['pxd.portworx.com', 'true', 'unknown'],
    ['storage.example', 'true', 'unknown'],
    ['toString', 'true', 'unknown'],
  ])('knows what %s does with %j', (provisioner, encrypted, expected) => {
    expect(of(provisioner, { encrypted }).encryption).toBe(expected);
  });

  test.each([
    ['csi.hetzner.cloud', { 'csi.storage.k8s.io/node-publish-secret-name': 'encryption-secret' }, 'on'],
    ['csi.hetzner.cloud', { 'csi.storage.k8s.io/node-publish-secret-name': '' }, 'off'],
    ['pxd.portworx.com', { secure: 'true' }, 'on'],
    // A claim may ask for it all the same.
    ['pxd.portworx.com', { secure: 'false' }, 'unknown'],
  ])('knows what %s does with a parameter of its own: %j', (provisioner, parameters, expected) => {
    expect(of(provisioner, parameters).encryption).toBe(expected);
  });

  test.each([
    ['csi.hetzner.cloud', { 'csi.storage.k8s.io/node-publish-secret-name': '' }, 'the parameter csi.storage.k8s.io/node-publish-secret-name is ""'],
    ['rook-ceph.rbd.csi.ceph.com', {}, 'it does not ask rook-ceph.rbd.csi.ceph.com for it'],
  ])('says why volumes of %s with %j are not encrypted', (provisioner, parameters, expected) => {
    expect(whyOff(of(provisioner, parameters))).toBe(expected);
  });

  test('finds the parameter whatever its case, and says where it stands', () => {
    expect(of('csi.scaleway.com', { Encrypted: 'true' })).toMatchObject({ encryption: 'on', path: ['parameters', 'Encrypted'] });
    expect(of('csi.scaleway.com', {})).toMatchObject({ asked: undefined, path: ['parameters'] });
  });

  test.each([null, 7, 'text', [], [null]])('takes %j in place of parameters for none', (parameters) => {
    expect(of('csi.scaleway.com', parameters).encryption).toBe('off');
  });

  test('takes a boolean for nothing said, as the API refuses it', () => {
    expect(of('ebs.csi.aws.com', { encrypted: false })).toMatchObject({ encryption: 'account', asked: undefined });
  });

  test.each([
    [{ 'storageclass.kubernetes.io/is-default-class': 'true' }, true],
    [{ 'storageclass.beta.kubernetes.io/is-default-class': 'true' }, true],
    [{ 'storageclass.kubernetes.io/is-default-class': 'True' }, false],
    [{}, false],
  ])('tells by %j whether it is the default', (annotations, expected) => {
    expect(of('csi.scaleway.com', {}, annotations).isDefault).toBe(expected);
  });

  test('has a source for every driver', () => {
    for (const { source } of Object.values(STORAGE_DRIVERS)) expect(source.url).toMatch(/^https:\/\//);
  });
});
