import { compareSeverity, type Finding, type Severity } from '../finding.ts';
import type { Control, Framework } from './framework.ts';

/** `not-evaluated`: some check could not look, so it is neither passed nor failed. `not-covered`: there is no check for it. */
export const CONTROL_STATES = ['failed', 'passed', 'not-evaluated', 'not-covered'] as const;
export type ControlState = (typeof CONTROL_STATES)[number];

/** A finding as a report names it. */
export interface ReportedFinding extends Pick<Finding, 'check' | 'item' | 'severity' | 'object' | 'container' | 'message'> {
  /** File and line. */
  readonly place?: string;
}

export interface ControlResult extends Pick<Control, 'id' | 'title' | 'url'> {
  readonly state: ControlState;
  /** What answers it, `id:item` where only one item of a check does. */
  readonly checks: readonly string[];
  readonly findings: number;
  /** Of the findings. */
  readonly worst?: Severity;
  /** The first few, worst first. */
  readonly examples: readonly ReportedFinding[];
  /** Why it, or a part of it, was not evaluated. A failed control may have more findings then. */
  readonly reasons: readonly string[];
}

/** Counts of controls. The score says nothing without the coverage, so both are always told together. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly notEvaluated: number;
  readonly notCovered: number;
  /** Percentage of the evaluated controls that passed, rounded down; absent when none was evaluated. */
  readonly score?: number;
  /** Percentage of all controls that were evaluated, rounded down. */
  readonly coverage: number;
}

export interface SectionResult {
  readonly title: string;
  readonly controls: readonly ControlResult[];
  readonly tally: Tally;
}

/** What was looked at. */
export interface ReportSubject {
  /** Name of the cluster; absent for files. */
  readonly cluster?: string;
  /** ISO 8601 */
  readonly at: string;
  readonly kubernetesVersion: string;
  readonly objects: number;
  /** Files and documents that could not be read, of which nothing is in the report. */
  readonly unreadable: number;
}

export interface FrameworkReport {
  readonly framework: Pick<Framework, 'id' | 'title' | 'version' | 'url'>;
  readonly subject: ReportSubject;
  readonly tally: Tally;
  readonly sections: readonly SectionResult[];
}

/** `Score 72 % (43 of 60 evaluated controls passed), coverage 46 % (60 of 131 controls evaluated)`. */
export function tallyText({ passed, failed, notEvaluated, notCovered, score, coverage }: Tally): string {
  const evaluated = passed + failed;
  const all = evaluated + notEvaluated + notCovered;
  const scored = score === undefined ? 'No score, because no control was evaluated' : `Score ${score} % (${passed} of ${evaluated} evaluated controls passed)`;
  return `${scored}, coverage ${coverage} % (${evaluated} of ${all} controls evaluated)`;
}

/** The state for people, with what matters of it: `failed: 3 findings, worst critical`. */
export function stateText({ state, findings, worst }: Pick<ControlResult, 'state' | 'findings' | 'worst'>): string {
  if (state === 'failed') return `failed: ${findings} ${findings === 1 ? 'finding' : 'findings'}, worst ${worst ?? 'info'}`;
  if (state === 'not-evaluated') return 'not evaluated';
  return state === 'passed' ? 'passed' : 'not covered by any check';
}

interface FailedControl extends ControlResult {
  readonly worst: Severity;
}

/** The controls that failed, those with the worst findings first. */
export function failedControls({ sections }: Pick<FrameworkReport, 'sections'>): readonly FailedControl[] {
  const failed = sections.flatMap(({ controls }) => controls.flatMap((control) => (control.state === 'failed' && control.worst !== undefined ? [{ ...control, worst: control.worst }] : [])));
  return failed.sort((a, b) => compareSeverity(a.worst, b.worst) || b.findings - a.findings);
}

/** The framework, for people. */
export function frameworkText({ title, version }: Pick<Framework, 'title' | 'version'>): string {
  return `${title} ${version}`;
}

/** What was looked at, in one sentence without a full stop. */
export function subjectText({ cluster, at, kubernetesVersion, objects, unreadable }: ReportSubject): string {
  const where = cluster === undefined ? 'files' : `cluster ${cluster}`;
  const lost = unreadable === 0 ? '' : `; ${unreadable} ${unreadable === 1 ? 'document' : 'documents'} could not be read and ${unreadable === 1 ? 'is' : 'are'} not in this report`;
  return `${objects} ${objects === 1 ? 'object' : 'objects'} of ${where}, Kubernetes ${kubernetesVersion}, as of ${at.slice(0, 16).replace('T', ' ')} UTC${lost}`;
}
