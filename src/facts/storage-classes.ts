import { defineFacts, type Subject } from '#src/model/check.ts';
import { textAt } from '#src/model/raw.ts';
import { classView, type ClassView } from '#src/model/storage-class.ts';

export interface StorageClass extends Omit<ClassView, 'parameters'> {
  readonly subject: Subject;
  readonly created: string;
}

export interface StorageClasses {
  readonly byName: ReadonlyMap<string, StorageClass>;
  /** Newest first, which is the one that Kubernetes uses. */
  readonly defaults: readonly StorageClass[];
}

/** What each StorageClass does about encryption. */
export const storageClasses = defineFacts({
  name: 'storage-classes',
  reads: ['StorageClass'],
  keeps: 'the driver of each StorageClass and what it says about encryption',
  start: () => new Map<string, StorageClass>(),
  add(state, object, subject) {
    const { provisioner, driver, encryption, asked, path, isDefault, passphrase } = classView(object);
    const created = textAt(object, 'metadata', 'creationTimestamp') ?? '';
    state.set(subject.ref.name, { subject, provisioner, driver, encryption, asked, path, isDefault, passphrase, created });
  },
  finish(byName): StorageClasses {
    const defaults = [...byName.values()].filter(({ isDefault }) => isDefault);
    return { byName, defaults: defaults.sort((a, b) => compare(b.created, a.created) || compare(a.subject.ref.name, b.subject.ref.name)) };
  },
});

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
