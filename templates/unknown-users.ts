import { bullets, button, actions, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { brief, code, counted, md, oneLine, ours } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export const USERS = 10;

export interface UnknownUsersMessage {
  readonly cluster: string;
  /** The first few: name and the most dangerous right. */
  readonly users: readonly string[];
  readonly count: number;
}

/** Users of a cluster whom nobody knows, each told of once. */
export const template = defineTemplate<UnknownUsersMessage>({
  name: 'unknown-users',
  summary: 'Tells the channel of a cluster which users have access there and match nobody that a source of people knows; each is told of once.',
  samples: { some: { cluster: 'prod-eu', users: ['oidc:eve@corp.example: cluster-admin in the whole cluster (ClusterRoleBinding ops)', 'legacy: view in shop (RoleBinding shop/viewers)'], count: 12 } },
  render: ({ cluster, users, count }) => {
    const shown = users.slice(0, USERS);
    const all = Math.max(count, shown.length);
    const more = all > shown.length ? [line(words(`and ${(all - shown.length).toLocaleString('en-US')} more`))] : [];
    const title = `${counted(all, 'user has', 'users have')} access and match nobody`;
    const list = [...shown.map((text) => line(words(brief(text)))), ...more];
    return message(`${title} in ${oneLine(cluster)}.`, [
      section(md`*${ours(title)}* that a source of people knows, in ${code(cluster)}`),
      ...(list.length === 0 ? [] : [richText(bullets(list))]),
      context(md`Nobody is taken for departed by that alone, and nothing is proposed. Whose they are can be said under ${code('people.aliases')}, services are named under ${code('people.exempt')}. Whoever is told of here is not told of again.`),
      actions(button('All users', { command: 'users', args: [cluster] })),
    ]);
  },
});
