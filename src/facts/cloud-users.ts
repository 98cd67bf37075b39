import { defineFacts, type Subject } from '#src/model/check.ts';
import { isCloudMap, MAP_USERS, readCloudUsers, type CloudUser } from '#src/model/cloud-users.ts';
import { textAt } from '#src/model/raw.ts';

interface Collected {
  readonly entries: (Pick<CloudUser, 'arn' | 'user'> & { readonly subject: Subject })[];
  /** Maps that are not YAML. */
  readonly unreadable: Subject[];
}

/** The users of the cloud whom EKS's map lets sign in, and what the cloud calls each user of the cluster. */
export const cloudUsers = defineFacts({
  name: 'cloud-users',
  reads: ['ConfigMap'],
  keeps: 'two names of each entry of the map of cloud users',
  start: (): Collected => ({ entries: [], unreadable: [] }),
  add({ entries, unreadable }, object, subject) {
    if (!isCloudMap(subject.ref)) return;
    const users = readCloudUsers(textAt(object, 'data', MAP_USERS) ?? '');
    if (users === undefined) unreadable.push(subject);
    else entries.push(...users.map(({ arn, user }) => ({ arn, user, subject })));
  },
  finish({ entries, unreadable }) {
    const byUser = Map.groupBy(entries, ({ user }) => user);
    return { entries, unreadable, arnsOf: (user: string): readonly string[] => (byUser.get(user) ?? []).map(({ arn }) => arn) };
  },
});
