import PDFDocument from 'pdfkit';
import { qualifiedName } from '#src/model/finding.ts';
import { frameworkText, stateText, subjectText, tallyText, type ControlResult, type ControlState, type FrameworkReport, type SectionResult } from '#src/model/frameworks/report.ts';
import { printable } from '#src/model/printable.ts';

type Pdf = InstanceType<typeof PDFDocument>;

const MARGIN = 50;
const INDENT = 14;
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

function addReport(pdf: Pdf, { framework, subject, tally, sections }: FrameworkReport): void {
  say(pdf, frameworkText(framework), { font: BOLD, size: 18 });
  say(pdf, tallyText(tally), { font: BOLD, size: 11 });
  say(pdf, `${subjectText(subject)}.`, { size: 9, colour: GRAY });
  say(pdf, 'A control passes only when every check that answers it could look. What was not evaluated is not passed.', { size: 9, colour: GRAY });
  for (const section of sections) addSection(pdf, section);
}

function addSection(pdf: Pdf, { title, tally, controls }: SectionResult): void {
  pdf.moveDown(1);
  if (pdf.y > pdf.page.height - 3 * MARGIN) pdf.addPage();
  say(pdf, title, { font: BOLD, size: 13 });
  say(pdf, tallyText(tally), { size: 9, colour: GRAY });
  for (const control of controls) addControl(pdf, control);
}

function addControl(pdf: Pdf, control: ControlResult): void {
  const { id, title, state, examples, findings, reasons } = control;
  pdf.moveDown(0.4);
  if (pdf.y > pdf.page.height - 2 * MARGIN) pdf.addPage();
  say(pdf, `${id}  ${title}`, { size: 10 });
  say(pdf, stateText(control), { font: BOLD, size: 9, colour: COLOURS[state], indent: INDENT });
  const shown = examples.slice(0, EXAMPLES);
  for (const { severity, object, message, place } of shown) {
    say(pdf, `${severity} - ${object.kind} ${qualifiedName(object)}: ${message}${place === undefined ? '' : ` (${place})`}`, { size: 9, indent: INDENT });
  }
  if (findings > shown.length) say(pdf, `and ${findings - shown.length} more`, { size: 9, indent: INDENT });
  if (reasons.length > 0) say(pdf, `Not looked at: ${reasons.join('; ')}`, { size: 9, colour: GRAY, indent: INDENT });
}

interface Look {
  readonly font?: string;
  readonly size: number;
  readonly colour?: string;
  readonly indent?: number;
}

function say(pdf: Pdf, text: string, { font = TEXT, size, colour = BLACK, indent = 0 }: Look): void {
  const left = MARGIN + indent;
  pdf.font(font).fontSize(size).fillColor(colour).text(shown(text), left, pdf.y, { width: pdf.page.width - MARGIN - left });
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
