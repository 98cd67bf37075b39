import PDFDocument from 'pdfkit';
import { qualifiedName } from '#src/model/finding.ts';
import { failedControls, frameworkText, stateText, subjectText, tallyText, type ControlResult, type ControlState, type FrameworkReport, type SectionResult } from '#src/model/frameworks/report.ts';
import { printable } from '#src/model/printable.ts';

type Pdf = InstanceType<typeof PDFDocument>;

const MARGIN = 50;
const INDENT = 14;
const SECTION_GAP = 14;
const CONTROL_GAP = 5;
/** For the longest state of a control. */
const STATE_WIDTH = 160;
const TEXT = 'Helvetica';
const BOLD = 'Helvetica-Bold';
const GRAY = '#616061';
const BLACK = '#1d1c1d';
const COLOURS: Readonly<Record<ControlState, string>> = { failed: '#b3261e', passed: '#1b6e3c', 'not-evaluated': '#8a5a00', 'not-covered': GRAY };
/** Findings named for one control; the other formats name more. */
const EXAMPLES = 5;
/** Longer texts are for other formats. */
const LONGEST = 400;
/** What the fonts that every reader of PDF has can show. */
const UNSHOWN = /[^\u0020-\u007E\u00A0-\u00FF]/gu;

/** The reports as one PDF, each beginning on a page of its own. The same reports give the same bytes. */
export async function reportPdf(reports: readonly FrameworkReport[]): Promise<Uint8Array> {
  const [first] = reports;
  const title = first === undefined ? 'Report' : frameworkText(first.framework);
  const at = new Date(first?.subject.at ?? 0);
  const pdf = new PDFDocument({ size: 'A4', margin: MARGIN, bufferPages: true, autoFirstPage: false, lang: 'en', info: { Title: title, Creator: 'k8ssec', CreationDate: at, ModDate: at } });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', resolve).on('error', reject));
  for (const report of reports) {
    pdf.addPage();
    addReport(pdf, report);
  }
  numberPages(pdf);
  pdf.end();
  await done;
  return Buffer.concat(chunks);
}

function addReport(pdf: Pdf, report: FrameworkReport): void {
  const { framework, subject, tally, sections } = report;
  say(pdf, { text: frameworkText(framework), font: BOLD, size: 18 });
  say(pdf, { text: tallyText(tally), font: BOLD, size: 11 });
  say(pdf, { text: `${subjectText(subject)}.`, size: 9, colour: GRAY });
  say(pdf, { text: 'A control passes only when every check that answers it could look. What was not evaluated is not passed.', size: 9, colour: GRAY });
  addFailed(pdf, failedControls(report));
  for (const section of sections) addSection(pdf, section);
}

/** The first page says what matters most; the sections name the findings. */
function addFailed(pdf: Pdf, failed: readonly ControlResult[]): void {
  const [first, ...others] = failed.map((control) => [headOf(control)]);
  if (first === undefined) return;
  addTogether(pdf, [{ text: 'Failed, worst first', font: BOLD, size: 13, above: SECTION_GAP }, ...first]);
  for (const lines of others) addTogether(pdf, lines);
}

function addSection(pdf: Pdf, { title, tally, controls }: SectionResult): void {
  const [first, ...others] = controls.map(linesOf);
  const head: Line[] = [
    { text: title, font: BOLD, size: 13, above: SECTION_GAP },
    { text: tallyText(tally), size: 9, colour: GRAY },
  ];
  addTogether(pdf, [...head, ...(first ?? [])]);
  for (const lines of others) addTogether(pdf, lines);
}

function linesOf(control: ControlResult): readonly Line[] {
  const { examples, findings, reasons } = control;
  const shown = examples.slice(0, EXAMPLES);
  const below = shown.map(({ severity, object, message, place }) => `${severity} - ${object.kind} ${qualifiedName(object)}: ${message}${place === undefined ? '' : ` (${place})`}`);
  if (findings > shown.length) below.push(`and ${findings - shown.length} more`);
  return [
    headOf(control),
    ...below.map((text): Line => ({ text, size: 9, indent: INDENT })),
    ...(reasons.length > 0 ? [{ text: `Not looked at: ${reasons.join('; ')}`, size: 9, colour: GRAY, indent: INDENT }] : []),
  ];
}

function headOf(control: ControlResult): Line {
  const { id, title, state } = control;
  return { text: `${id}  ${title}`, size: 10, above: CONTROL_GAP, beside: { text: stateText(control), colour: COLOURS[state] } };
}

interface Line {
  readonly text: string;
  readonly font?: string;
  readonly size: number;
  readonly colour?: string;
  readonly indent?: number;
  /** Space before it, but not at the top of a page. */
  readonly above?: number;
  /** At the right of the same line. */
  readonly beside?: { readonly text: string; readonly colour: string };
}

/** On one page, so that no control is apart from its findings, and no heading from what it heads. Only what is longer than a page goes on on the next. */
function addTogether(pdf: Pdf, lines: readonly Line[]): void {
  const needed = lines.reduce((sum, line) => sum + (line.above ?? 0) + heightOf(pdf, line), 0);
  if (pdf.y > MARGIN && pdf.y + needed > pdf.page.height - MARGIN) pdf.addPage();
  for (const line of lines) {
    if (pdf.y > MARGIN) pdf.y += line.above ?? 0;
    say(pdf, line);
  }
}

function heightOf(pdf: Pdf, { text, font = TEXT, size, indent = 0, beside }: Line): number {
  return pdf.font(font).fontSize(size).heightOfString(shown(text), { width: widthOf(pdf, indent, beside) });
}

function say(pdf: Pdf, line: Line): void {
  const { text, font = TEXT, size, colour = BLACK, indent = 0, beside } = line;
  const top = pdf.y;
  pdf.font(font).fontSize(size).fillColor(colour).text(shown(text), MARGIN + indent, top, { width: widthOf(pdf, indent, beside) });
  if (beside === undefined) return;
  const bottom = pdf.y;
  pdf.font(BOLD).fontSize(9).fillColor(beside.colour).text(shown(beside.text), pdf.page.width - MARGIN - STATE_WIDTH, top, { width: STATE_WIDTH, align: 'right', lineBreak: false });
  pdf.y = bottom;
}

function widthOf(pdf: Pdf, indent: number, beside: Line['beside']): number {
  return pdf.page.width - 2 * MARGIN - indent - (beside === undefined ? 0 : STATE_WIDTH);
}

/** Text in the characters that the fonts have; others by their number, so that nothing is shown as something else. */
function shown(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
  return printable(short).replace(UNSHOWN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Written last, when it is known how many there are. */
function numberPages(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let page = start; page < start + count; page += 1) {
    pdf.switchToPage(page);
    // Below the margin, where text would otherwise begin another page.
    pdf.page.margins.bottom = 0;
    pdf.font(TEXT).fontSize(8).fillColor(GRAY).text(`${page + 1} of ${count}`, MARGIN, pdf.page.height - MARGIN / 2, { align: 'right', width: pdf.page.width - 2 * MARGIN, lineBreak: false });
  }
}
