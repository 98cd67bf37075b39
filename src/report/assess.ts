import { kindsOf, type Check } from '#src/model/check.ts';
import { compareSeverity } from '#src/model/finding.ts';
import type { Control, Framework } from '#src/model/frameworks/framework.ts';
import type { ControlResult, ControlState, FrameworkReport, ReportedFinding, ReportSubject, SectionResult, Tally } from '#src/model/frameworks/report.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { Gap, UndecidedCount } from '#src/model/scan-result.ts';
import { isOfFiles } from '#src/scan/scan.ts';
import { answersTo, type Answer } from './answers.ts';

/** Findings that a control names. */
const EXAMPLES = 10;
const NEVER_RAN = 'it has not run here yet';

/** What a scan judged, as a report needs it. */
export interface Judged {
  /** Every check there is, whether it ran or not. */
  readonly checks: readonly Check[];
  /** Ids of those that ran, `id:item` for each item of a check with items. */
  readonly ran: readonly string[];
  readonly gaps: readonly Gap[];
  readonly undecided: readonly Pick<UndecidedCount, 'check' | 'reason' | 'count'>[];
  readonly findings: readonly ReportedFinding[];
  /** Of files, the kinds that they hold: without any of its kinds a check has judged nothing. Absent for a whole cluster, where none is right too. */
  readonly kinds?: ReadonlySet<Kind>;
}

/** `idle`: there is nothing here that it could judge. */
type Standing = { readonly is: 'evaluated' } | { readonly is: 'idle' | 'missed'; readonly reasons: readonly string[] };

/**
 * How things stand with each control of a framework.
 *
 * A control fails with one finding, and passes only when all checks that answer it could look everywhere. Checks with nothing to judge
 * here, such as those of Terraform in a cluster, are left out as long as another one could look.
 */
export function assess(framework: Framework, judged: Judged, subject: ReportSubject): FrameworkReport {
  const answers = answersTo(framework.id, judged.checks);
  const sections = framework.sections.map(({ title, controls }): SectionResult => {
    const results = controls.map((control) => assessControl(control, answers.get(control.id) ?? [], judged));
    return { title, controls: results, tally: tallyOf(results) };
  });
  const { id, title, version, url } = framework;
  return { framework: { id, title, version, url }, subject, tally: tallyOf(sections.flatMap(({ controls }) => controls)), sections };
}

function assessControl(control: Control, answers: readonly Answer[], judged: Judged): ControlResult {
  const findings = judged.findings.filter((finding) => answers.some((answer) => isAbout(answer, finding))).toSorted((a, b) => compareSeverity(a.severity, b.severity));
  const standings = answers.map((answer) => standingOf(answer, judged));
  const { id, title, url } = control;
  const [worst] = findings;
  return {
    id,
    title,
    ...(url !== undefined && { url }),
    ...verdict(standings, { failed: findings.length > 0, alternatives: control.alternatives === true }),
    checks: answers.map(({ check, item }) => (item === undefined ? check.id : `${check.id}:${item}`)),
    findings: findings.length,
    ...(worst !== undefined && { worst: worst.severity }),
    examples: findings.slice(0, EXAMPLES).map(plainFinding),
  };
}

function verdict(standings: readonly Standing[], { failed, alternatives }: { readonly failed: boolean; readonly alternatives: boolean }): { readonly state: ControlState; readonly reasons: readonly string[] } {
  if (standings.length === 0) return { state: 'not-covered', reasons: [] };
  const some = standings.some(({ is }) => is === 'evaluated');
  const missed = reasonsOf(standings, 'missed');
  if (failed) return { state: 'failed', reasons: alternatives ? [] : missed };
  if (some && (missed.length === 0 || alternatives)) return { state: 'passed', reasons: [] };
  return { state: 'not-evaluated', reasons: missed.length > 0 ? missed : reasonsOf(standings, 'idle') };
}

function reasonsOf(standings: readonly Standing[], is: 'idle' | 'missed'): readonly string[] {
  return [...new Set(standings.flatMap((standing) => (standing.is === is ? standing.reasons : [])))];
}

function standingOf({ check, item }: Answer, { ran, gaps, undecided, kinds }: Judged): Standing {
  const kindless = kinds === undefined ? isOfFiles(check) : !kindsOf(check).some((kind) => kinds.has(kind));
  const mine = gaps.filter((gap) => gap.check === check.id && (gap.item === undefined || item === undefined || gap.item === item));
  const reasons = [...mine.map(({ reason }) => reason), ...undecided.filter((one) => one.check === check.id).map(({ reason, count }) => `${count} undecided: ${reason}`)];
  if (kindless) return { is: 'idle', reasons: reasons.length > 0 ? reasons : [kinds === undefined ? 'only code shows it' : 'the files hold nothing that it judges'] };
  if (reasons.length > 0) return { is: 'missed', reasons };
  const hasRun = ran.some((id) => (item === undefined ? id === check.id || id.startsWith(`${check.id}:`) : id === `${check.id}:${item}`));
  return hasRun ? { is: 'evaluated' } : { is: 'missed', reasons: [NEVER_RAN] };
}

function isAbout({ check, item }: Answer, finding: ReportedFinding): boolean {
  return finding.check === check.id && (item === undefined || finding.item === item);
}

/** Without what findings may carry besides. */
function plainFinding({ check, item, severity, object, container, message, place }: ReportedFinding): ReportedFinding {
  return { check, ...(item !== undefined && { item }), severity, object, ...(container !== undefined && { container }), message, ...(place !== undefined && { place }) };
}

function tallyOf(results: readonly ControlResult[]): Tally {
  const count = (state: ControlState) => results.filter((result) => result.state === state).length;
  const passed = count('passed');
  const failed = count('failed');
  const evaluated = passed + failed;
  return {
    passed,
    failed,
    notEvaluated: count('not-evaluated'),
    notCovered: count('not-covered'),
    ...(evaluated > 0 && { score: percentage(passed, evaluated) }),
    coverage: results.length === 0 ? 0 : percentage(evaluated, results.length),
  };
}

/** Rounded down, so that only all is 100. */
function percentage(part: number, all: number): number {
  return Math.floor((100 * part) / all);
}
