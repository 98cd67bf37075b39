import type { KnownBlock, RichTextElement } from '@slack/types';
import { actions, bullets, button, context, header, line, link, message, richText, section, words, type Message } from '#src/blocks/build.ts';
import { footer, nothingOpen, objectText, severityCounts, total } from '#src/blocks/phrases.ts';
import { brief, code, counted, joined, md, moment, oneLine, ours, person, sentence, type Mrkdwn } from '#src/blocks/text.ts';
import { defineTemplate } from '#src/model/outbox.ts';
import { targetText, type CodeFinding, type CodePlace, type FirstOf, type RepositoryResult, type RepositoryScan } from '#src/model/repositories.ts';
import { SAMPLE_CODE_FINDING, SAMPLE_KEY_FINDING, SAMPLE_REPOSITORY_SCAN, SAMPLE_RESULT } from './samples/repository.ts';

/** A longer address is not linked. */
const LONGEST_URL = 2000;
const REASONS = 6;
const NOTHING = { count: 0, shown: [] };
const NONE = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };

/** What a scan of a repository found: new, fixed and still open, each with a link to its line at the commit or to the page of the setting. */
export const template = defineTemplate<RepositoryScan>({
  name: 'repository-scan',
  summary: 'The result of a scan of a repository, with links to lines and settings.',
  samples: {
    changed: SAMPLE_REPOSITORY_SCAN,
    first: { ...SAMPLE_REPOSITORY_SCAN, asker: { schedule: 'Scan of the repository acme/platform' }, result: firstResult() },
    incomplete: {
      ...SAMPLE_REPOSITORY_SCAN,
      result: {
        ...SAMPLE_RESULT,
        hidden: 3,
        unread: { count: 12, shown: [{ file: 'charts/api/templates/deployment.yaml', line: 3, url: 'https://github.com/acme/platform/blob/main/charts/api/templates/deployment.yaml#L3', reason: 'a template' }] },
        gaps: [
          { reason: 'no allowed registries are configured', checks: ['workload/image-registry-not-allowed'] },
          { reason: 'GitHub forbids this (HTTP 403); needed: the repository permission Administration (read)', checks: ['iac/branch-without-review', 'iac/stale-deploy-key'] },
        ],
      },
    },
    'nothing open': { ...SAMPLE_REPOSITORY_SCAN, result: { ...SAMPLE_RESULT, open: NONE, fresh: NOTHING, still: NOTHING, suppressed: 0 } },
    failed: { ...SAMPLE_REPOSITORY_SCAN, result: { failure: 'GitHub refuses the credentials (HTTP 401)' } },
  },
  render: (scan) => ('failure' in scan.result ? failed(scan, scan.result.failure) : done(scan, scan.result)),
});

function firstResult(): RepositoryResult {
  const { comparedWith: _, ...result } = SAMPLE_RESULT;
  return { ...result, fresh: NOTHING, fixed: NOTHING, still: { count: 17, shown: [SAMPLE_CODE_FINDING, SAMPLE_KEY_FINDING] } };
}

function failed(scan: RepositoryScan, failure: string): Message {
  const name = targetText(scan.target);
  return message(`Scan of ${oneLine(name)} failed: ${failure}.`, [
    section(md`*Scan of ${code(name)} failed:* ${sentence(brief(failure))}. Nothing was learned from this scan.`),
    context(asker(scan)),
    actions(scanButton(scan, 'Try again')),
    footer('repository scan', scan.id, new Date(scan.at)),
  ]);
}

function done(scan: RepositoryScan, result: RepositoryResult): Message {
  const { open, fresh, fixed, still, unread } = result;
  const name = targetText(scan.target);
  const missed = unread.count + result.gaps.length;
  const counts = total(open) === 0 ? nothingOpen(missed) : severityCounts(open);
  const blocks: KnownBlock[] = [header(`${oneLine(name)}: ${counts}`), section(changes(result)), context(asker(scan))];
  blocks.push(...findings('New or worse', fresh), ...findings('Fixed', fixed), ...findings(result.comparedWith === undefined ? 'Open' : 'Still open', still), ...notRead(unread));
  if (result.gaps.length > 0) blocks.push(section(notEvaluated(result)));
  blocks.push(actions(scanButton(scan, 'Scan again')), footer('repository scan', scan.id, new Date(scan.at)));
  const change = result.comparedWith === undefined ? '' : ` (${fresh.count.toLocaleString('en-US')} new or worse, ${fixed.count.toLocaleString('en-US')} fixed)`;
  const without = unread.count === 0 ? '' : ` ${counted(unread.count, 'entry', 'entries')} not read.`;
  return message(`Scan of ${oneLine(name)} finished: ${counts}${change}.${without}`, blocks);
}

function changes({ commit, comparedWith, fresh, fixed, still, hidden, suppressed, files, objects }: RepositoryResult): Mrkdwn {
  const at = commit === undefined ? md`` : md` at ${code(commit.slice(0, 10))}`;
  const left = suppressed === 0 ? md`` : md` ${ours(counted(suppressed, 'finding'))} left out by comments.`;
  const looked = md`${ours(counted(objects, 'object'))} in ${ours(counted(files, 'file'))}${at}.${left}`;
  if (comparedWith === undefined) return md`*First scan:* what is open now is the starting point.\n${looked}`;
  const parts = [md`${fresh.count} new or worse`, md`${fixed.count} fixed`, md`${still.count} still open`, ...(hidden > 0 ? [md`${hidden} not visible this time`] : [])];
  return md`*Since ${moment({ at: new Date(comparedWith) })}:* ${joined(parts, ' · ')}\n${looked}`;
}

function findings(title: string, { count, shown }: FirstOf<CodeFinding>): readonly KnownBlock[] {
  return list(title, count, shown.map(findingLine));
}

function list(title: string, count: number, lines: readonly ReturnType<typeof line>[]): readonly KnownBlock[] {
  if (count === 0) return [];
  const more = count - lines.length;
  return [richText(line(words(`${title} (${count.toLocaleString('en-US')})`, { bold: true })), bullets(lines), ...(more > 0 ? [line(words(`and ${more.toLocaleString('en-US')} more`))] : []))];
}

function findingLine({ severity, object, message: text, place, check }: CodeFinding) {
  const where = place === undefined ? [] : [words('  '), 'page' in place ? link(place.url, place.page) : placeLink(place)];
  return line(words(severity.toUpperCase(), { bold: true }), words(' · '), words(objectText(object), { code: true }), words(`  ${brief(text)}  `), words(check, { code: true }), ...where);
}

function notRead({ count, shown }: RepositoryResult['unread']): readonly KnownBlock[] {
  return list('Not read, so the result is incomplete', count, shown.map((unread) => line(placeLink(unread), words(`  ${brief(unread.reason)}`))));
}

function placeLink({ file, line: number, url }: CodePlace & { readonly url: string }): RichTextElement {
  const text = `${oneLine(file)}${number === undefined ? '' : `:${number}`}`;
  return url.length > LONGEST_URL ? words(text, { code: true }) : link(url, text);
}

function notEvaluated({ gaps }: RepositoryResult): Mrkdwn {
  const checks = new Set(gaps.flatMap((gap) => gap.checks)).size;
  const lines = gaps.slice(0, REASONS).map((gap) => md`• ${sentence(brief(gap.reason))} (${ours(counted(gap.checks.length, 'check'))})`);
  const more = gaps.length > lines.length ? [md`• ${gaps.length - lines.length} more reasons`] : [];
  return md`*Not evaluated (${ours(counted(checks, 'check'))}):*\n${joined([...lines, ...more], '\n')}`;
}

function asker({ asker: who }: RepositoryScan): Mrkdwn {
  return 'person' in who ? md`asked by ${person(who.person)}` : md`by schedule ${code(who.schedule)}`;
}

function scanButton({ target }: RepositoryScan, text: string) {
  return button(text, { command: 'iac', args: [targetText(target)] }, { label: `${text}: ${target.repository}` });
}
