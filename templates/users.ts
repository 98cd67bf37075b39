import type { KnownBlock } from '@slack/types';
import { bullets, button, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { nameList } from '#src/blocks/phrases.ts';
import { brief, counted, md, oneLine, ours, sentence } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';

export const PEOPLE = 8;
export const ENTRIES = 10;
const LISTS = 6;
const RIGHTS = 3;
const NOTES = 5;
const RULINGS = 3;

/** Somebody who should not have access any more. */
export interface LeaverLine {
  /** `Departed`, `Suspended`, `Inactive`. */
  readonly state: string;
  /** `Bob Brown (bob@corp.example)`. */
  readonly who: string;
  /** What shows it: `okta: status: DEPROVISIONED since 2026-11-20`. */
  readonly why: string;
  /** `not observed`. */
  readonly activity: string;
  /** With the cluster; the most dangerous first. */
  readonly rights: readonly string[];
  readonly rightCount: number;
  /** What approvers have said because of which nobody is asked, each without a full stop. */
  readonly kept?: readonly string[];
  /** Arguments of `remove-user`; absent where nothing can be proposed, with the reason. */
  readonly remove?: readonly string[];
  readonly whyNot?: string;
}

export interface UsersMessage {
  /** Clusters that were looked at. */
  readonly clusters: readonly string[];
  /** The most dangerous first. */
  readonly leavers: readonly LeaverLine[];
  readonly leaverCount: number;
  /** Everybody else of whom something is to be said, by what it is. */
  readonly lists: readonly { readonly title: string; readonly entries: readonly string[]; readonly count: number }[];
  /** What is not known. Whole sentences. */
  readonly notes: readonly string[];
}

/** Who has access and should not, and whose access nobody can explain. */
export const template = defineTemplate<UsersMessage>({
  name: 'users',
  summary: 'Departed, suspended and inactive people who still have access, and users who match nobody.',
  samples: {
    some: {
      clusters: ['prod-eu', 'dev-us'],
      leavers: [
        {
          state: 'Departed',
          who: 'Bob Brown (bob@corp.example)',
          why: 'okta: status: DEPROVISIONED since 2026-11-20',
          activity: 'not observed',
          rights: ['prod-eu: cluster-admin in the whole cluster (ClusterRoleBinding ops-bob)', 'dev-us: edit in shop (RoleBinding shop/edit-bob)'],
          rightCount: 2,
          remove: ['okta/00u1', '--reason', 'departed', '--cluster', 'prod-eu,dev-us'],
        },
        {
          state: 'Suspended',
          who: 'Cy Cole (cy@corp.example)',
          why: 'okta: status: SUSPENDED',
          activity: 'not observed',
          rights: ['prod-eu: view in shop (RoleBinding shop/viewers)'],
          rightCount: 1,
          whyNot: 'nothing of it can be taken away from here',
        },
        {
          state: 'Inactive',
          who: 'Dee Dunn (dee@corp.example)',
          why: 'nothing seen for 60 days, all of them watched',
          activity: 'nothing seen',
          rights: ['prod-eu: view in shop (RoleBinding shop/viewers)'],
          rightCount: 1,
          kept: ['kept until 2027-02-21, said Bo on 2026-11-23 (r7k2m9): “on parental leave”'],
        },
      ],
      leaverCount: 3,
      lists: [
        { title: 'Match nobody', entries: ['oidc:eve@corp.example in prod-eu, dev-us'], count: 1 },
        { title: 'ServiceAccounts that do not exist', entries: ['ServiceAccount ci/old in prod-eu: edit in shop (RoleBinding shop/ci)'], count: 1 },
      ],
      notes: ['Could not look at secrets in prod-eu: no permission to list secrets.'],
    },
    nobody: { clusters: ['prod-eu'], leavers: [], leaverCount: 0, lists: [], notes: [] },
    'nothing looked at': { clusters: [], leavers: [], leaverCount: 0, lists: [], notes: ['Could not look at prod-eu: the API server did not answer.'] },
  },
  render: ({ clusters, leavers, leaverCount, lists, notes }) => {
    const where = clusters.length === 0 ? '' : ` in ${nameList(clusters)}`;
    const found = clusters.length === 0 ? 'No cluster could be looked at' : leaverCount === 0 ? `No access was found of anybody who is known to have left` : `${counted(leaverCount, 'person who has left or is away has', 'people who have left or are away have')} access`;
    const shown = leavers.slice(0, PEOPLE);
    const blocks: KnownBlock[] = [section(md`*${ours(found)}*${sentence(where)}`), ...shown.flatMap(leaverBlocks)];
    if (leaverCount > shown.length) blocks.push(context(md`and ${leaverCount - shown.length} more`));
    for (const { title, entries, count } of lists.slice(0, LISTS)) {
      const some = entries.slice(0, ENTRIES);
      blocks.push(section(md`*${sentence(brief(title))}* (${count})`), richText(bullets(some.map((entry) => line(words(brief(entry)))))));
      if (count > some.length) blocks.push(context(md`and ${count - some.length} more`));
    }
    blocks.push(...notes.slice(0, NOTES).map((text) => context(sentence(brief(text)))));
    if (notes.length > NOTES) blocks.push(context(md`and ${notes.length - NOTES} more that could not be looked at`));
    return message(`${found}${where}.`, blocks);
  },
});

function leaverBlocks({ state, who, why, activity, rights, rightCount, kept = [], remove, whyNot }: LeaverLine): readonly KnownBlock[] {
  const shown = rights.slice(0, RIGHTS);
  const head = md`*${sentence(oneLine(state))}:* ${sentence(brief(who))}\n${sentence(brief(why))} · last activity: ${sentence(brief(activity))}`;
  const press = remove && button('Ask for removal', { command: 'remove-user', args: remove }, { label: `Ask for approval to remove the access of ${who}` });
  const more = rightCount > shown.length ? [`and ${counted(rightCount - shown.length, 'more place')}`] : [];
  const gray = [...more, ...kept.slice(0, RULINGS).map(brief), ...(whyNot === undefined ? [] : [brief(whyNot)])];
  return [section(head, press), richText(bullets(shown.map((text) => line(words(brief(text)))))), ...(gray.length === 0 ? [] : [context(sentence(gray.join(' · ')))])];
}
