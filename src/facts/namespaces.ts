import { defineFacts, type Subject } from '#src/model/check.ts';
import { textAt, textMapAt } from '#src/model/raw.ts';

export interface Namespace {
  readonly subject: Subject;
  readonly labels: ReadonlyMap<string, string>;
}

/** The namespaces by name, with their labels and the one that Kubernetes gives each. */
export const namespaces = defineFacts({
  name: 'namespaces',
  reads: ['Namespace'],
  keeps: 'the labels of each namespace',
  start: () => new Map<string, Namespace>(),
  add(state, object, subject) {
    // Of an unknown name it could be any, which its reference does not say.
    const name = textAt(object, 'metadata', 'name') ?? subject.ref.name;
    state.set(name, { subject, labels: new Map([...textMapAt(object, 'metadata', 'labels'), ['kubernetes.io/metadata.name', name]]) });
  },
});
