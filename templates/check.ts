import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, context, header, line, message, richText, section, words } from '#src/blocks/build.ts';
import { nameList, PROSE, sourceList } from '#src/blocks/phrases.ts';
import { brief, code, cut, joined, md, oneLine, ours } from '#src/blocks/text.ts';
import { kindsOf, type Check, type Source } from '#src/model/check.ts';
import { defineTemplate } from '#src/model/outbox.ts';

const ITEMS = 15;
const KINDS = 12;

/** What a check says about itself, without its code. */
export interface CheckMessage {
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly why: string;
  readonly fix: string;
  readonly tips: readonly number[];
  readonly kinds: readonly string[];
  readonly items: readonly { readonly id: string; readonly title: string }[];
  readonly sources: readonly Source[];
}

export function checkMessage(check: Check): CheckMessage {
  const { id, title, severity, why, fix, tips, items = {}, sources } = check;
  return { id, title, severity, why, fix, tips, sources, kinds: kindsOf(check), items: Object.entries(items).map(([item, { title: text }]) => ({ id: item, title: text })) };
}

/** One check, for people who want to know what it looks for. */
export const template = defineTemplate<CheckMessage>({
  name: 'check',
  summary: 'One check: what is healthy, why it matters, how to fix it and where the rule is from.',
  samples: {
    plain: {
      id: 'workload/privileged',
      title: 'No container runs privileged',
      severity: 'critical',
      why: 'A privileged container is root on its node.',
      fix: 'Remove privileged, and add only the capabilities that the program needs.',
      tips: [5],
      kinds: ['Deployment', 'Pod'],
      items: [],
      sources: [{ title: 'CIS Kubernetes Benchmark v1.12, 5.2.2' }],
    },
    'with items': {
      id: 'access/cluster-admin-binding',
      title: 'Nobody but the break-glass group is cluster-admin',
      severity: 'critical',
      why: 'A cluster-admin can do everything.',
      fix: 'Bind a narrower role.',
      tips: [2],
      kinds: ['ClusterRoleBinding'],
      items: [{ id: 'cluster-admin', title: 'Nobody is bound to cluster-admin' }],
      sources: [{ title: 'Kubernetes documentation: RBAC good practices', url: 'https://kubernetes.io/docs/concepts/security/rbac-good-practices/' }],
    },
  },
  render: ({ id, title, severity, why, fix, tips, kinds, items, sources }) => {
    const blocks: KnownBlock[] = [
      header(title),
      context(md`${code(id)} · *${ours(severity.toUpperCase())}* · article tip ${ours(nameList(tips.map(String)))}`),
      section(md`*Why it matters*\n${ours(cut(why, PROSE))}`),
      section(md`*How to fix it*\n${ours(cut(fix, PROSE))}`),
    ];
    if (items.length > 0) {
      const shown = items.slice(0, ITEMS).map((item) => line(words(oneLine(item.id), { code: true }), words(` ${brief(item.title)}`)));
      const more = items.length - shown.length;
      blocks.push(richText(line(words('Cases', { bold: true })), bullets([...shown, ...(more > 0 ? [line(words(`and ${more.toLocaleString('en-US')} more`))] : [])])));
    }
    if (sources.length > 0) blocks.push(sourceList(sources));
    if (kinds.length > 0) blocks.push(context(md`Reads ${joined(kinds.slice(0, KINDS).map(code), ' ')}${kinds.length > KINDS ? md` and ${kinds.length - KINDS} more` : md``}`));
    blocks.push(actions(button('Findings of this check', { command: 'findings', args: ['--check', id] }, { label: `Findings of the check ${id}` })));
    return message(`Check ${id} (${severity}): ${title}.`, blocks);
  },
});
