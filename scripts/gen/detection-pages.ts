import { detections } from '#src/events/detections/index.gen.ts';
import type { Detection, EventSource } from '#src/model/detection.ts';
import { areaOf, AREAS } from '#src/model/finding.ts';
import { AREA_TITLES } from './check-pages.ts';
import { detectionExamplesOf, type DetectionExample } from './detection-examples.ts';
import { HEADER, type Generated } from './generated.ts';
import { code, fenced, page, table } from './markdown.ts';

const SOURCE_TITLES: Readonly<Record<EventSource, string>> = { audit: 'audit log', falco: 'Falco', hubble: 'Hubble', feed: 'how the feeds are' };

/** A page for each detection, and one that lists them. */
export async function detectionPages(): Promise<readonly Generated[]> {
  const pages = await Promise.all(detections.map(async (detection) => ({ path: `docs/detections/${detection.id}.md`, text: detectionPage(detection, await detectionExamplesOf(detection.id)) })));
  return [{ path: 'docs/detections/README.md', text: overview() }, ...pages];
}

function overview(): string {
  const parts = AREAS.flatMap((area, index) => {
    const mine = detections.filter((detection) => areaOf(detection.id) === area);
    if (mine.length === 0) return [];
    const rows = mine.map((detection) => [`[${code(detection.id)}](${detection.id}.md)`, detection.severity, sourcesOf(detection), detection.title]);
    return [`## ${area}: ${AREA_TITLES[area]} (tip ${index + 1})`, table(['detection', 'severity', 'reads', 'what happened'], rows)];
  });
  return page(`<!-- ${HEADER} -->`, '# Detections', `${detections.length} detections. Each judges what happened, as \`k8ssec events\` reads it from recorded logs.`, ...parts);
}

function detectionPage(detection: Detection, examples: readonly DetectionExample[]): string {
  const { id, title, severity, tips, why, fix, sources, aliases, audit, keeps, onlyLive } = detection;
  const items = Object.entries(detection.items ?? {});
  const facts = [
    `**Severity** ${severity}`,
    `**Article tip** ${tips.join(', ')}`,
    `**Reads** ${sourcesOf(detection)}`,
    ...(audit?.resources === undefined ? [] : [`**Requests for** ${audit.resources.map(code).join(', ')}`]),
    ...(audit?.verbs === undefined ? [] : [`**Verbs** ${audit.verbs.map(code).join(', ')}`]),
    ...(aliases === undefined ? [] : [`**Earlier ids** ${aliases.map(code).join(', ')}`]),
  ];
  return page(
    `<!-- ${HEADER} -->`,
    `# ${title}`,
    code(id),
    facts.join(' · '),
    keeps === undefined ? undefined : `It judges several events together and keeps ${keeps}.`,
    onlyLive === undefined ? undefined : `It is told only as events come in, and not by \`k8ssec events\`: ${onlyLive}.`,
    `## What it may mean\n\n${why}`,
    `## What to do\n\n${fix}`,
    items.length === 0 ? undefined : `## Cases\n\n${table(['item', 'severity', 'what happened'], items.map(([item, about]) => [code(item), about.severity ?? severity, about.title]))}`,
    `## Sources\n\n${sources.map(({ title: name, url }) => (url === undefined ? `- ${name}` : `- [${name}](${url})`)).join('\n')}`,
    '## Examples\n\nThey are also the tests of this detection. Fields that do not matter are left out.',
    ...examples.map(example),
  );
}

function sourcesOf({ reads }: Detection): string {
  return reads.map((source) => SOURCE_TITLES[source]).join(', ');
}

function example({ title, finds, undecided, repeat, text }: DetectionExample): string {
  const objects = finds.map(({ object }) => (object === undefined ? 'the whole' : code(object)));
  const verdicts = [
    finds.length === 0 ? 'Nothing is told' : `${finds.length === 1 ? 'One alarm' : `${finds.length} alarms`}: ${objects.join(', ')}`,
    ...(undecided === undefined ? [] : [`undecided: ${undecided.join('; ')}`]),
    ...(repeat === undefined ? [] : [`for ${repeat.times} times what follows, every ${repeat.everySeconds} s`]),
  ];
  const lines = text.split('\n');
  return `### ${title}\n\n${verdicts.join(', ')}.\n\n${fenced('yaml', lines.slice(lines.findIndex((line) => line.startsWith('events:'))).join('\n'))}`;
}
