import type { KnownBlock } from '@slack/types';
import { bullets, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { brief, code, counted, md, oneLine, ours, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export const HOLDERS = 40;
const WAYS = 2;
const NOTES = 5;

export interface WhoCanMessage {
  readonly cluster: string;
  /** `list secrets in shop`. */
  readonly deed: string;
  readonly holders: readonly { readonly who: string; readonly ways: readonly string[] }[];
  readonly count: number;
  /** What could not be read, which may hide more: whole sentences. */
  readonly unread: readonly string[];
  /** False when the cluster did not answer, so that nothing is known. */
  readonly looked: boolean;
}

/** Who may do something, and by which bindings. */
export const template = defineTemplate<WhoCanMessage>({
  name: 'who-can',
  summary: 'Who may do something in a cluster, and through which bindings.',
  samples: {
    some: {
      cluster: 'prod-eu',
      deed: 'list secrets in shop',
      holders: [
        { who: 'group system:masters', ways: ['above all bindings'] },
        { who: 'user bob@corp.example', ways: ['ClusterRoleBinding ops-bob of ClusterRole cluster-admin', 'RoleBinding shop/edit-bob of ClusterRole edit'] },
        { who: 'ServiceAccount ci/deployer', ways: ['RoleBinding shop/deploy of Role deployer'] },
      ],
      count: 3,
      unread: [],
      looked: true,
    },
    'in part': { cluster: 'prod-eu', deed: 'get /metrics', holders: [{ who: 'group system:masters', ways: ['above all bindings'] }], count: 1, unread: ['Could not look at rolebindings in prod-eu: no permission to list rolebindings.'], looked: true },
    unreached: { cluster: 'prod-eu', deed: 'list secrets', holders: [], count: 0, unread: ['Could not look at prod-eu: the API server did not answer.'], looked: false },
  },
  render: ({ cluster, deed, holders, count, unread, looked }) => {
    const notes = unread.slice(0, NOTES).map((text) => context(sentence(brief(text))));
    if (!looked) return message(`Nobody knows who may ${brief(deed)} in ${oneLine(cluster)}.`, [section(md`*Nothing is known* of who may ${code(deed)} in ${code(cluster)}`), ...notes]);
    const blocks: KnownBlock[] = [section(md`*${ours(counted(count, 'subject'))}* may ${code(deed)} in ${code(cluster)}`)];
    if (holders.length > 0) blocks.push(richText(bullets(holders.slice(0, HOLDERS).map(holderLine))));
    const shown = Math.min(holders.length, HOLDERS);
    if (count > shown) blocks.push(context(md`and ${count - shown} more`));
    blocks.push(...notes, context(ours('By the roles and bindings of the cluster. What nodes, authorization webhooks and the cloud itself allow is not in it.')));
    const incomplete = unread.length > 0 ? ' Not everything could be read.' : '';
    return message(`${counted(count, 'subject')} may ${brief(deed)} in ${oneLine(cluster)}.${incomplete}`, blocks);
  },
});

function holderLine({ who, ways }: WhoCanMessage['holders'][number]) {
  const more = ways.length - WAYS;
  const text = ways.slice(0, WAYS).map(brief).join('; ');
  return line(words(oneLine(who), { code: true }), words(`  ${text}${more > 0 ? ` and ${more.toLocaleString('en-US')} more` : ''}`));
}
