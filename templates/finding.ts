import type { KnownBlock } from '@slack/types';
import { actions, bullets, button, context, fields, header, line, message, preformatted, richText, section, words } from '#src/blocks/build.ts';
import { findingId, footer, nameList, objectMarkup, objectText, PROSE, sourceList } from '#src/blocks/phrases.ts';
import { brief, code, counted, cut, md, moment, oneLine, ours, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import type { Source } from '#src/model/check.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import type { FindingState, TrackedFinding } from '#src/model/scan-record.ts';
import { SAMPLE_FINDING, SAMPLE_ROLE_FINDING } from './samples/scan.ts';

/** A finding with what its check says about it. */
export interface FindingMessage {
  readonly cluster: string;
  readonly finding: TrackedFinding;
  /** Undefined when this version of the bot has the check no more. */
  readonly check: { readonly title: string; readonly why: string; readonly fix: string; readonly sources: readonly Source[]; readonly tips: readonly number[] } | undefined;
}

const RELATED = 8;
const STATES: Readonly<Record<Exclude<FindingState, 'open'>, string>> = { fixed: 'fixed', 'not-visible': 'not visible' };

const CHECK = {
  title: 'No container runs privileged',
  why: 'A privileged container is root on its node.',
  fix: 'Remove privileged, and add only the capabilities that the program needs.',
  sources: [{ title: 'Pod Security Standards, baseline: Privileged Containers', url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/' }],
  tips: [5],
};

/** Everything about one finding. */
export const template = defineTemplate<FindingMessage>({
  name: 'finding',
  summary: 'One finding in full: where, since when, why it matters and how to fix it.',
  samples: {
    open: { cluster: 'prod-eu', finding: SAMPLE_FINDING, check: CHECK },
    related: { cluster: 'prod-eu', finding: SAMPLE_ROLE_FINDING, check: CHECK },
    worse: { cluster: 'prod-eu', finding: { ...SAMPLE_FINDING, worseSince: { at: '2026-11-22T08:00:00.000Z', before: 'high' } }, check: CHECK },
    fixed: { cluster: 'prod-eu', finding: { ...SAMPLE_FINDING, state: 'fixed', fixedAt: '2026-11-23T08:00:41.000Z' }, check: CHECK },
    'not visible': { cluster: 'prod-eu', finding: { ...SAMPLE_FINDING, state: 'not-visible', hiddenBy: 'no permission to list daemonsets' }, check: undefined },
  },
  render: ({ cluster, finding, check }) => {
    const { severity, object, state } = finding;
    const place = object.namespace === undefined ? '' : `, namespace ${object.namespace}`;
    const blocks: KnownBlock[] = [header(`${headline(finding)}: ${finding.message}`), section(stateText(finding)), fields(facts(cluster, finding))];
    if (finding.evidence !== undefined) blocks.push(richText(preformatted(finding.evidence)));
    if (check !== undefined) blocks.push(section(md`*Why it matters*\n${ours(cut(check.why, PROSE))}`), section(md`*How to fix it*\n${ours(cut(check.fix, PROSE))}`));
    const related = finding.related ?? [];
    if (related.length > 0) blocks.push(relatedObjects(finding));
    if (check !== undefined && check.sources.length > 0) {
      blocks.push(sourceList(check.sources));
    }
    const about = check === undefined ? md`this version of the bot does not have this check any more` : md`${ours(brief(check.title))} · article tip ${ours(nameList(check.tips.map(String)))}`;
    blocks.push(context(md`${code(finding.check)} · ${about}`));
    blocks.push(
      actions(
        button('Re-scan', { command: 'scan', args: [cluster, ...(object.namespace === undefined ? [] : ['--namespace', object.namespace])] }, { label: `Re-scan ${cluster}${place}` }),
        ...(check === undefined ? [] : [button('About this check', { command: 'explain', args: [finding.check] }, { label: `About the check ${finding.check}` })]),
      ),
    );
    blocks.push(footer('finding', findingId(finding), new Date(finding.lastSeen)));
    return message(`${severity.toUpperCase()} in ${oneLine(cluster)}: ${objectText(object)}: ${finding.message}${state === 'open' ? '' : ` (${STATES[state]})`}.`, blocks);
  },
});

function headline({ state, severity, worseSince }: TrackedFinding): string {
  if (state === 'fixed') return 'Fixed';
  if (state === 'not-visible') return `Not visible (was ${severity})`;
  return worseSince === undefined ? severity.toUpperCase() : `${severity.toUpperCase()} (was ${worseSince.before})`;
}

function stateText({ state, firstSeen, lastSeen, fixedAt, hiddenBy, worseSince }: TrackedFinding): Mrkdwn {
  const since = md`first seen ${moment({ at: new Date(firstSeen) })}`;
  if (state === 'fixed') return md`*Gone since* ${moment({ at: new Date(fixedAt ?? lastSeen) })} · ${since}`;
  if (state === 'not-visible') return md`*Not visible since* ${moment({ at: new Date(lastSeen) })}: ${sentence(brief(hiddenBy ?? 'it was not looked at'))}. Not counted as fixed. · ${since}`;
  const worse = worseSince === undefined ? md`` : md` · *worse since* ${moment({ at: new Date(worseSince.at) })}`;
  return md`*Open* · ${since} · last seen ${moment({ at: new Date(lastSeen) })}${worse}`;
}

function facts(cluster: string, { object, container, path, count, item }: TrackedFinding): readonly Mrkdwn[] {
  return [
    md`*Cluster*\n${code(cluster)}`,
    md`*Object*\n${objectMarkup(object)}`,
    ...(container === undefined ? [] : [md`*Container*\n${code(container)}`]),
    ...(path === undefined ? [] : [md`*Field*\n${code(path)}`]),
    ...(item === undefined ? [] : [md`*Case*\n${code(item)}`]),
    ...(count === undefined ? [] : [md`*Seen on*\n${ours(counted(count, 'pod'))}`]),
  ];
}

function relatedObjects({ related = [] }: TrackedFinding): KnownBlock {
  const shown = related.slice(0, RELATED).map((ref) => line(words(objectText(ref), { code: true })));
  const more = related.length - shown.length;
  return richText(
    line(words('Together with', { bold: true })),
    bullets([...shown, ...(more > 0 ? [line(words(`and ${more.toLocaleString('en-US')} more`))] : [])]),
  );
}
