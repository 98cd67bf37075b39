import { rbac } from '#src/facts/rbac.ts';
import { storageClasses } from '#src/facts/storage-classes.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { describeSubjects, subjectKey, type RbacSubject } from '#src/model/rbac-subject.ts';
import type { Binding, RbacTable } from '#src/model/rbac-table.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { STORAGE_DRIVERS } from '#src/model/storage-drivers.ts';

/** `list` and `watch` return the contents of Secrets as `get` does. */
const READ = { verbs: ['get', 'list', 'watch'], resources: ['secrets'] } as const;

/** Reports each StorageClass whose passphrase others than the storage of the cluster may read. The Secret itself is not read. */
export const check = defineClusterCheck({
  id: 'encryption/passphrase-readable',
  title: 'Nobody but the storage reads the passphrase of volumes',
  severity: 'high',
  tips: [1],
  why: 'Whoever has the passphrase opens every disk, snapshot and backup of the class; encryption then protects from nobody inside.',
  fix: 'Keep the Secret in a namespace of its own where only the driver may read Secrets, and give each volume a passphrase of its own.',
  sources: [...Object.values(STORAGE_DRIVERS).flatMap(({ passphrase, source }) => (passphrase ? [source] : [])), RBAC_GOOD_PRACTICES],
  needs: { storageClasses, rbac },
  *judge({ storageClasses, rbac }) {
    for (const { subject, driver, encryption, passphrase } of storageClasses.byName.values()) {
      if (driver?.passphrase !== true || encryption !== 'on' || passphrase === undefined) continue;
      const readers = readersIn(rbac, passphrase.namespace);
      if (readers.length === 0) continue;
      yield {
        subject,
        path: ['parameters'],
        message: `The passphrase of its volumes is not only for the storage: ${describeSubjects(readers.map((reader) => reader.subject))} may read Secrets in ${passphrase.namespace}`,
        related: [...new Set(readers.flatMap(({ bindings }) => bindings.map(({ object }) => object.ref)))],
      };
    }
  },
});

/** Whom somebody let read Secrets there; accounts of the namespace are the storage itself. */
function readersIn(table: RbacTable, namespace: string): readonly { readonly subject: RbacSubject; readonly bindings: readonly Binding[] }[] {
  const byKey = [...table.whoCan(READ, namespace)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return byKey.flatMap(([key, { subject, bindings }]) => {
    const given = bindings.filter(({ added }) => added.some((one) => subjectKey(one) === key));
    return given.length === 0 || subject.namespace === namespace ? [] : [{ subject, bindings: given }];
  });
}
