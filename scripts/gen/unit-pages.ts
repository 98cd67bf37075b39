import { commands } from '#commands/index.gen.ts';
import { jobs } from '#jobs/index.gen.ts';
import { templates } from '#templates/index.gen.ts';
import { checks } from '#src/checks/index.gen.ts';
import { isClusterCheck, type Facts } from '#src/model/check.ts';
import { HEADER, type Generated } from './generated.ts';
import { code, fenced, page, table } from './markdown.ts';

const ZONE = 'Europe/Paris';

/** Reference pages of commands, jobs, messages and facts. */
export function unitPages(): readonly Generated[] {
  return [
    { path: 'docs/commands.md', text: commandsPage() },
    { path: 'docs/jobs.md', text: jobsPage() },
    { path: 'docs/facts.md', text: factsPage() },
    { path: 'docs/messages/README.md', text: messagesPage() },
    ...templates.map((template) => ({ path: `docs/messages/${template.name}.md`, text: messagePage(template) })),
  ];
}

function commandsPage(): string {
  const parts = commands.flatMap(({ name, aliases = [], usage, summary, examples, access, flags, opensModal, form }) => {
    const rows = Object.entries(flags).map(([flag, { short, value, text }]) => [code([...(short === undefined ? [] : [`-${short}`]), `--${flag}${value === undefined ? '' : ` ${value}`}`].join(', ')), text]);
    return [
      `## ${name}`,
      `${summary} ${access === 'none' ? 'Anybody may ask it.' : `Needs the role ${code(access)}.`}${opensModal || form ? ' Its button opens a modal.' : ''}${aliases.length > 0 ? ` Also: ${aliases.map(code).join(', ')}.` : ''}`,
      fenced('text', `/k8ssec ${usage}`),
      rows.length === 0 ? undefined : table(['flag', 'what it does'], rows),
      `For example: ${examples.map((example) => code(`/k8ssec ${example}`)).join(', ')}.`,
    ];
  });
  return page(`<!-- ${HEADER} -->`, '# Commands', 'One command, `/k8ssec`, with these verbs. Every button does what a command does. Names with blanks go in quotes. A reason that stands at the end needs none, and is taken as it was typed: only what begins with two dashes is a flag, wherever it stands in it.', ...parts);
}

function jobsPage(): string {
  const rows = jobs.map(({ name, summary, attempts, timeoutMs, repeat }) => [code(name), summary, String(attempts), timeoutMs === 'scan' ? 'limit of a scan' : `${timeoutMs / 1000} s`, repeat]);
  return page(`<!-- ${HEADER} -->`, '# Jobs', 'What runs in the queue. Each may be repeated from its beginning at any point without a second effect.', table(['job', 'what it does', 'attempts', 'timeout', 'why a repeat is harmless'], rows));
}

function factsPage(): string {
  const all = new Map(checks.filter(isClusterCheck).flatMap((check) => (Object.values(check.needs) as unknown as Facts[]).map((facts) => [facts.name, facts])));
  const rows = [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, reads, keeps }) => [code(name), reads.map(code).join(', '), keeps]);
  return page(`<!-- ${HEADER} -->`, '# Facts', 'What is gathered while objects stream by, for checks over several objects.', table(['facts', 'reads', 'keeps'], rows));
}

function messagesPage(): string {
  return page(`<!-- ${HEADER} -->`, '# Messages', 'What people read. Each page shows the samples as Slack gets them, for Block Kit Builder.', table(['message', 'what it tells'], templates.map(({ name, summary }) => [`[${name}](${name}.md)`, summary])));
}

function messagePage(template: (typeof templates)[number]): string {
  const { name, summary, samples } = template;
  const parts = Object.entries(samples).flatMap(([sample, data]) => {
    const { text, blocks } = template.render(data, { zone: ZONE });
    return [`## ${sample}`, `Notification: ${text}`, fenced('json', JSON.stringify({ blocks: blocks.map(withReadableActions) }, null, 2))];
  });
  return page(`<!-- ${HEADER} -->`, `# ${name}`, summary, ...parts);
}

/** Buttons show the command that they stand for; in Slack they carry a random token. */
function withReadableActions(block: unknown): unknown {
  return JSON.parse(JSON.stringify(block), (key, value: unknown) => {
    if (key !== 'value' || typeof value !== 'string' || !value.startsWith('{"command"')) return value;
    const { command, args } = JSON.parse(value) as { readonly command: string; readonly args: readonly string[] };
    return `/k8ssec ${[command, ...args].join(' ')}`;
  }) as unknown;
}
