import { qualifiedName } from '#src/model/finding.ts';
import { frameworkText, stateText, subjectText, tallyText, type ControlResult, type ControlState, type FrameworkReport, type SectionResult } from '#src/model/frameworks/report.ts';
import { printable } from '#src/model/printable.ts';
import type { Style } from './style.ts';
import { indented } from './wrap.ts';

/** Findings named for one control; the other formats name more. */
const EXAMPLES = 3;
const MARKS: Readonly<Record<ControlState, string>> = { failed: 'FAIL', passed: 'pass', 'not-evaluated': '?   ', 'not-covered': '-   ' };

/** A report for people at a terminal. */
export function frameworkReportText({ framework, subject, tally, sections }: FrameworkReport, style: Style, width: number): string {
  const head = `${style.bold(printable(frameworkText(framework)))}\n${style.bold(indented(tallyText(tally), width, '').trimEnd())}\n${indented(printable(`${subjectText(subject)}.`), width, '')}`;
  return `${head}\n${sections.map((section) => sectionText(section, style, width)).join('\n')}`;
}

function sectionText({ title, tally, controls }: SectionResult, style: Style, width: number): string {
  return `${style.bold(title)}\n${style.dim(indented(tallyText(tally), width, '  ').trimEnd())}\n\n${controls.map((control) => controlText(control, style, width)).join('')}`;
}

function controlText(control: ControlResult, style: Style, width: number): string {
  const { id, title, state, worst, examples, findings, reasons } = control;
  const mark = worst === undefined ? MARKS[state] : style.severity(worst, MARKS[state]);
  const shown = examples.slice(0, EXAMPLES);
  const more = findings - shown.length;
  const lines = [
    ...shown.map(({ severity, object, message, place }) => `${severity} ${object.kind} ${qualifiedName(object)}: ${message}${place === undefined ? '' : ` (${place})`}`),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(reasons.length > 0 ? [`not looked at: ${reasons.join('; ')}`] : []),
  ];
  return `  ${mark}  ${id}  ${title}: ${stateText(control)}\n${lines.map((line) => indented(printable(line), width, '        ')).join('')}`;
}
