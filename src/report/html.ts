import { qualifiedName } from '#src/model/finding.ts';
import { frameworkText, stateText, subjectText, tallyText, type ControlResult, type FrameworkReport, type ReportedFinding, type SectionResult } from '#src/model/frameworks/report.ts';
import { printable } from '#src/model/printable.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1d1c1d; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .3rem; }
.tally { font-weight: 600; } .note, .reason { color: #616061; } .note { margin: 0; }
table { border-collapse: collapse; width: 100%; margin-top: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-top: 1px solid #ddd; }
td:first-child { width: 9rem; overflow-wrap: anywhere; } td:last-child { width: 13.5rem; }
ul { margin: .3rem 0 0; padding-left: 1.2rem; } li, .reason { overflow-wrap: anywhere; font-size: .9rem; }
.failed { color: #b3261e; font-weight: 600; } .passed { color: #1b6e3c; } .not-evaluated { color: #8a5a00; } .not-covered { color: #616061; }
code { font-size: .85rem; }
@media (prefers-color-scheme: dark) { body { background: #1a1d21; color: #d1d2d3; } th, td { border-color: #444; } .failed { color: #ff8a80; } .passed { color: #7bd88f; } .not-evaluated { color: #ffcc66; } .note, .reason, .not-covered { color: #9a9b9d; } a { color: #7ab8ff; } }
@media print { tr { break-inside: avoid; } }
`;

/** A page that needs nothing else: no script, no picture, nothing from the network. */
export function reportHtml(reports: readonly FrameworkReport[]): string {
  const title = [...new Set(reports.map(({ framework }) => frameworkText(framework)))].join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${reports.map(reportPart).join('')}</body>
</html>
`;
}

function reportPart({ framework, subject, tally, sections }: FrameworkReport): string {
  return `<main>
<h1>${link(framework.url, frameworkText(framework))}</h1>
<p class="tally">${escaped(tallyText(tally))}</p>
<p class="note">${escaped(subjectText(subject))}.</p>
<p class="note">A control passes only when every check that answers it could look. What was not evaluated is not passed.</p>
${sections.map(sectionPart).join('')}</main>
`;
}

function sectionPart({ title, tally, controls }: SectionResult): string {
  return `<section>
<h2>${escaped(title)}</h2>
<p class="note">${escaped(tallyText(tally))}</p>
<table>
<thead><tr><th scope="col">Control</th><th scope="col">What it asks for</th><th scope="col">State</th></tr></thead>
<tbody>
${controls.map(controlRow).join('')}</tbody>
</table>
</section>
`;
}

function controlRow(control: ControlResult): string {
  const { id, title, url, state, examples, findings, reasons, checks } = control;
  const more = findings - examples.length;
  const lines = [...examples.map(findingLine), ...(more > 0 ? [`and ${more} more`] : [])];
  const list = lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
  const missed = reasons.length === 0 ? '' : `<div class="reason">Not looked at: ${escaped(reasons.join('; '))}</div>`;
  const by = checks.length === 0 ? '' : `<div class="reason">Checks: ${checks.map((check) => `<code>${escaped(check)}</code>`).join(' ')}</div>`;
  return `<tr><td>${url === undefined ? escaped(id) : link(url, id)}</td><td>${escaped(title)}${by}${list}${missed}</td><td class="${state}">${escaped(stateText(control))}</td></tr>
`;
}

function findingLine({ severity, object, message, place }: ReportedFinding): string {
  const where = place === undefined ? '' : ` (${escaped(place)})`;
  return `${escaped(severity)} · <code>${escaped(`${object.kind} ${qualifiedName(object)}`)}</code> ${escaped(message)}${where}`;
}

function link(url: string, text: string): string {
  return `<a href="${escaped(url)}" rel="noreferrer">${escaped(text)}</a>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Names and messages come from files and clusters that anybody may have written. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
