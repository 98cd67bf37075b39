import type { KnownBlock } from '@slack/types';
import { bullets, context, line, message, richText, section, words } from '#src/blocks/build.ts';
import { footer, nameList } from '#src/blocks/phrases.ts';
import { brief, code, counted, cut, md, oneLine, ours, person, type Mrkdwn } from '#src/blocks/text.ts';
import type { Severity } from '#src/model/finding.ts';
import type { Tally } from '#src/model/frameworks/report.ts';
import { defineTemplate } from '#src/model/outbox.ts';

/** Failed controls that are named. */
export const FAILED = 10;
/** Reasons why controls were not evaluated that are named. */
export const REASONS = 5;

export interface Report {
  /** With its version. */
  readonly framework: string;
  readonly cluster: string;
  /** When the cluster was last looked at. */
  readonly at: string;
  readonly tally: Tally;
  /** Failed controls, worst first; not necessarily all. */
  readonly failed: readonly { readonly id: string; readonly title: string; readonly worst: Severity; readonly findings: number }[];
  /** Controls that were not evaluated by reason; a control may have several. */
  readonly missed: readonly { readonly reason: string; readonly controls: readonly string[] }[];
  /** Slack id of who asked. */
  readonly person: string;
  /** The whole report is a file in the thread. */
  readonly file: boolean;
  readonly reference: string;
}

/** How a cluster stands with a framework. */
export const template = defineTemplate<Report>({
  name: 'report',
  summary: 'How a cluster stands with the controls of a framework: score and coverage, the worst failed controls and what was not evaluated.',
  samples: {
    some: {
      framework: 'CIS Kubernetes Benchmark v1.12',
      cluster: 'prod-eu',
      at: '2026-11-23T08:00:41.000Z',
      tally: { passed: 43, failed: 17, notEvaluated: 38, notCovered: 33, score: 71, coverage: 45 },
      failed: [
        { id: '5.2.2', title: 'No privileged containers', worst: 'critical', findings: 2 },
        { id: '5.1.2', title: 'Few may read Secrets', worst: 'high', findings: 1 },
      ],
      missed: [{ reason: 'no pod of an API server was read', controls: ['1.2.1', '1.2.2'] }],
      person: 'U0ANN00001',
      file: true,
      reference: '7f3a90c2',
    },
    'nothing failed': {
      framework: 'Pod Security Standards v1.37',
      cluster: 'dev-us',
      at: '2026-11-23T08:00:41.000Z',
      tally: { passed: 19, failed: 0, notEvaluated: 0, notCovered: 0, score: 100, coverage: 100 },
      failed: [],
      missed: [],
      person: 'U0ANN00001',
      file: false,
      reference: '7f3a90c3',
    },
    'nothing evaluated': {
      framework: 'Pod Security Standards v1.37',
      cluster: 'dev-us',
      at: '2026-11-23T08:00:41.000Z',
      tally: { passed: 0, failed: 0, notEvaluated: 19, notCovered: 0, coverage: 0 },
      failed: [],
      missed: [{ reason: 'no permission to list pods', controls: ['baseline: Seccomp', 'restricted: Seccomp'] }],
      person: 'U0ANN00001',
      file: true,
      reference: '7f3a90c4',
    },
  },
  render: ({ framework, cluster, at, tally, failed, missed, person: asker, file, reference }) => {
    const blocks: KnownBlock[] = [section(md`*${ours(oneLine(framework))}* · ${code(cluster)} · asked by ${person(asker)}`), section(sums(tally))];
    if (failed.length > 0) {
      const shown = failed.slice(0, FAILED);
      const lines = shown.map(({ id, title, worst, findings }) => line(words(worst.toUpperCase(), { bold: true }), words(' · '), words(oneLine(id), { code: true }), words(`  ${brief(title)} (${counted(findings, 'finding')})`)));
      blocks.push(richText(line(words(`Failed: ${counted(tally.failed, 'control')}`, { bold: true })), bullets([...lines, ...rest(tally.failed - shown.length)])));
    }
    if (missed.length > 0) {
      const lines = missed.slice(0, REASONS).map(({ reason, controls }) => line(words(brief(reason), { bold: true }), words(`: ${nameList(controls)}`)));
      blocks.push(richText(line(words(`Not evaluated, and so not passed: ${counted(tally.notEvaluated, 'control')}`, { bold: true })), bullets(lines)));
    }
    if (tally.notCovered > 0) blocks.push(context(md`${ours(counted(tally.notCovered, 'control'))} of this framework ${ours(tally.notCovered === 1 ? 'is' : 'are')} not covered by any check.`));
    blocks.push(context(file ? md`The whole report is the file in the thread.` : md`The whole report: ${code('k8ssec report --context NAME --output report.pdf')} on the command line.`), footer('report', reference, new Date(at)));
    const scored = tally.score === undefined ? 'no score' : `score ${tally.score} %`;
    return message(cut(`${oneLine(framework)} in ${oneLine(cluster)}: ${scored}, coverage ${tally.coverage} %, ${counted(tally.failed, 'control')} failed.`, 300), blocks);
  },
});

/** Score and coverage, never one without the other. */
function sums({ passed, failed, notEvaluated, notCovered, score, coverage }: Tally): Mrkdwn {
  const evaluated = passed + failed;
  const scored = score === undefined ? md`*No score*: no control was evaluated` : md`Score *${score} %*: ${passed} of ${evaluated} evaluated controls passed`;
  return md`${scored}\nCoverage *${coverage} %*: ${evaluated} of ${evaluated + notEvaluated + notCovered} controls evaluated`;
}

function rest(count: number) {
  return count > 0 ? [line(words(`and ${count.toLocaleString('en-US')} more`))] : [];
}
