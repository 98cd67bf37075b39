import { defineFacts, type Subject } from '#src/model/check.ts';
import { serviceOf, type Service } from '#src/network/services.ts';

export interface KnownService extends Service {
  readonly subject: Subject;
}

export const services = defineFacts({
  name: 'services',
  reads: ['Service'],
  keeps: 'type, selector and ports of each Service, and who reaches it from outside',
  start: (): KnownService[] => [],
  add(state, object, subject) {
    state.push({ ...serviceOf(object, subject.ref), subject });
  },
});
