import type { KnownBlock } from '@slack/types';
import { bullets, context, line, message, preformatted, richText, section, words } from '#src/blocks/build.ts';
import { brief, code, counted, md, oneLine, ours, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export const NAMES = 6;
export const RIGHTS = 8;
export const PATCHES = 3;
const NOTES = 6;

/** One user of one cluster. */
export interface UserAccess {
  readonly cluster: string;
  readonly user: string;
  /** Whose it is: `Bob, by the e-mail address bob@corp.example`. */
  readonly whose: string;
  /** `2026-11-20 (exec in shop)`, `not observed`. */
  readonly activity: string;
  /** The most dangerous first. */
  readonly rights: readonly string[];
  readonly rightCount: number;
  /** Harmless bindings that everybody has who signs in. */
  readonly everybodys: number;
}

export interface AccessOfMessage {
  /** As typed. */
  readonly asked: string;
  /** Clusters that were looked at. */
  readonly clusters: readonly string[];
  readonly users: readonly UserAccess[];
  readonly userCount: number;
  /** What can only be changed where it is written: the object, who manages it, and the lines that would have to go. */
  readonly patches: readonly { readonly cluster: string; readonly object: string; readonly manager: string; readonly remove: string }[];
  readonly patchCount: number;
  /** What is not known. Whole sentences. */
  readonly notes: readonly string[];
}

/** Everything that somebody may do, and where that comes from. */
export const template = defineTemplate<AccessOfMessage>({
  name: 'access-of',
  summary: 'What somebody may do in the clusters, by which bindings, and what of it only git can change.',
  samples: {
    some: {
      asked: 'bob@corp.example',
      clusters: ['prod-eu', 'dev-us'],
      users: [
        {
          cluster: 'prod-eu',
          user: 'oidc:bob@corp.example',
          whose: 'Bob Brown, by the e-mail address bob@corp.example',
          activity: 'not observed',
          rights: ['cluster-admin in the whole cluster (ClusterRoleBinding ops-bob)', 'edit in shop (RoleBinding shop/edit-bob)'],
          rightCount: 2,
          everybodys: 3,
        },
      ],
      userCount: 1,
      patches: [
        { cluster: 'prod-eu', object: 'RoleBinding shop/devs', manager: 'Argo CD (shop)', remove: '- kind: User\n  name: oidc:bob@corp.example\n  apiGroup: rbac.authorization.k8s.io\n' },
      ],
      patchCount: 1,
      notes: ['Groups that the identity provider puts the person into are not visible in prod-eu: what they grant ends only there.'],
    },
    none: { asked: 'eve@corp.example', clusters: ['prod-eu'], users: [], userCount: 0, patches: [], patchCount: 0, notes: ['Could not look at clusterrolebindings in prod-eu: no permission to list clusterrolebindings.'] },
    'nothing looked at': { asked: 'eve@corp.example', clusters: [], users: [], userCount: 0, patches: [], patchCount: 0, notes: ['Could not look at prod-eu: the API server did not answer.'] },
  },
  render: ({ asked, clusters, users, userCount, patches, patchCount, notes }) => {
    const shown = users.slice(0, NAMES);
    const found = userCount > 0 ? `${oneLine(asked)} has access as ${counted(userCount, 'user')}` : clusters.length > 0 ? `No access of ${oneLine(asked)} was found` : `Nothing is known of the access of ${oneLine(asked)}`;
    const where = clusters.length === 0 ? '' : ` in ${counted(clusters.length, 'cluster')}`;
    const blocks: KnownBlock[] = [section(md`*${sentence(found)}*${ours(where)}`), ...shown.flatMap(userBlocks)];
    if (userCount > shown.length) blocks.push(context(md`and ${userCount - shown.length} more`));
    for (const patch of patches.slice(0, PATCHES)) {
      blocks.push(
        section(md`*To be changed in git:* ${code(patch.object)} in ${code(patch.cluster)} is managed by ${sentence(brief(patch.manager))}, which would put a change back. Take out:`),
        richText(preformatted(patch.remove)),
      );
    }
    if (patchCount > patches.slice(0, PATCHES).length) blocks.push(context(md`and ${patchCount - patches.slice(0, PATCHES).length} more to be changed in git`));
    blocks.push(...notes.slice(0, NOTES).map((text) => context(sentence(brief(text)))));
    return message(`${found}${where}.`, blocks);
  },
});

function userBlocks({ cluster, user, whose, activity, rights, rightCount, everybodys }: UserAccess): readonly KnownBlock[] {
  const shown = rights.slice(0, RIGHTS);
  const more = rightCount > shown.length ? ` and ${(rightCount - shown.length).toLocaleString('en-US')} more` : '';
  const others = everybodys > 0 ? ` · besides ${counted(everybodys, 'binding')} that everybody has who signs in` : '';
  return [
    section(md`${code(user)} in ${code(cluster)} · ${sentence(brief(whose))}`),
    ...(shown.length === 0 ? [] : [richText(bullets(shown.map((text) => line(words(brief(text))))))]),
    context(md`${ours(counted(rightCount, 'place'))}${ours(more === '' ? '' : `, ${shown.length} shown`)}${ours(others)} · last activity: ${sentence(brief(activity))}`),
  ];
}
