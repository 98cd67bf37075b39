import { describe, expect, test } from '@jest/globals';
import { isNodeEntry, readCloudUsers } from '#src/model/cloud-users.ts';

const TEXT = `# people of the platform team
- userarn: arn:aws:iam::1:user/bob # on call
  username: bob
  groups: # all
    - system:masters
- {userarn: "arn:aws:iam::1:user/eve", username: eve, groups: [dev]}
-   userarn:   arn:aws:iam::1:user/ann
    username: ann
    groups: [ "dev",  ops ]
`;

describe('src/model/cloud-users', () => {
  test('reads whom each entry makes', () => {
    expect(readCloudUsers(TEXT)?.map(({ index, arn, user, groups }) => [index, arn, user, groups])).toEqual([
      [0, 'arn:aws:iam::1:user/bob', 'bob', ['system:masters']],
      [1, 'arn:aws:iam::1:user/eve', 'eve', ['dev']],
      [2, 'arn:aws:iam::1:user/ann', 'ann', ['dev', 'ops']],
    ]);
    expect(readCloudUsers('')).toEqual([]);
    expect(readCloudUsers('- userarn: [')).toBeUndefined();
  });

  test.each([
    ['a name of a node', '- {userarn: a, username: "system:node:n1"}', true],
    ['the group of nodes', '- {userarn: a, username: n, groups: [system:nodes]}', true],
    ['the group that joins nodes', '- {userarn: a, username: n, groups: [system:bootstrappers]}', true],
    ['a person', '- {userarn: a, username: bob, groups: [system:masters]}', false],
  ])('an entry with %s belongs to nodes: %s', (_what, text, expected) => {
    expect(readCloudUsers(text)?.map(isNodeEntry)).toEqual([expected]);
  });
});
