import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import type { Message } from '#src/blocks/build.ts';
import { checkMessage, checkView } from '#src/blocks/checker.ts';
import { objectsIn } from '#src/blocks/walk.ts';
import { CONNECTION_STATES } from '#src/model/connection.ts';
import { AREAS, SEVERITIES } from '#src/model/finding.ts';
import type { Template } from '#src/model/outbox.ts';
import { isObject, textAt, textsAt } from '#src/model/raw.ts';
import { NEED_STATES } from '#src/model/needs.ts';
import { QUESTION_STATES } from '#src/model/questions.ts';
import { REQUEST_STATES } from '#src/model/request.ts';
import { sealMessage } from '#src/outbox/seal.ts';
import { formView, homeView, modalView } from '#src/slack/views.ts';
import { templates } from '#templates/index.gen.ts';
import { withEachText, withEveryText, withListsOf } from '#test/build/stretch.ts';

const ZONE = 'Europe/Paris';
/** Posted in channels, where they are read at a glance; the others are answers to one person. */
const CHANNEL_BLOCKS: Readonly<Record<string, number>> = { scan: 10, 'scan-ended': 10, 'scan-findings': 10, 'scan-gaps': 10, 'daily-digest': 45, request: 10, 'request-reminder': 10, map: 10, report: 10 };
const HOME = 'home';
const LABEL = 24;
const COUNTS = [0, 1, 49, 50, 51, 10_000];
/** What checks and commands say about themselves: written by us, with markup where it helps. */
const OURS = /^(check\.)?(id|why|fix|title|severity|kinds|items|sources)\b|^(commands|about|choose\.command)\b/;
/** Words by which templates decide what to say. */
const VOCABULARY: ReadonlySet<string> = new Set([
  ...SEVERITIES, ...AREAS,
  'queued', 'running', 'done', 'failed', 'canceled', 'open', 'fixed', 'not-visible', 'new', 'gone', 'worse', 'ok', 'degraded', 'off', 'none', 'scan', 'UTC',
  ...REQUEST_STATES, ...CONNECTION_STATES, ...NEED_STATES, ...QUESTION_STATES, 'yes', 'no', 'person', 'owner', 'taken-back', 'not-taken-back', 'approve', 'deny', 'keep', 'not-theirs', 'pause', 'allow', 'connections', 'egress', 'ingress',
]);
const HOSTILE = [
  '<!channel>', '<!here|here>', '<@U1>', '<#C1|general>', '<!subteam^S1>', '<http://evil.example|your bank>', 'http://evil.example', '<!date^1^{ago}|now>',
  '`code`', '```\nblock\n```', '*bold* _italic_ ~struck~', '> quoted\n> again', '• not\n• a list', '&lt;!channel&gt; &amp;', '@here @channel',
  'left \u202Eright\u202C \u200Ehidden\u200B', 'nul\u0000byte', 'line\r\nfeed\u2028end', 'tag\u{E0041}\u{E0042}', '👩‍👩‍👧‍👦👍🏽🇫🇷', '\uD83D', 'z̸̢̛͖'.repeat(40), '$& $1 %s ${x}', ' ', '',
];
const LONG = ['a'.repeat(10_000), 'word '.repeat(2000), '&<>'.repeat(3400), '`*_~'.repeat(2500), '👩‍👩‍👧‍👦'.repeat(900)];
const INVISIBLE = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E0FFF}]/u;
/** What Slack reads as markup, and what our own may be. */
const ENTITY = /<[^>]*>?/g;
const LIVE_LEAVES: ReadonlySet<string> = new Set(['user', 'usergroup', 'channel', 'broadcast', 'emoji', 'team']);
const OWN_ENTITY = /^<(@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|#[CG][A-Z0-9]+|!date\^\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC)>$/;

const isForeign = (value: string, path: string) => !VOCABULARY.has(value) && !OURS.test(path);
/** Also what is ours, for what must hold whatever it says. */
const isText = (value: string) => !VOCABULARY.has(value);

const everything = templates.flatMap((template) => Object.entries(template.samples).map(([sample, data]) => ({ template, sample, data })));

describe('templates', () => {
  test('every one has a sample and says what it is for', () => {
    for (const { name, samples, summary } of templates) {
      expect([name, Object.keys(samples).length > 0]).toEqual([name, true]);
      expect(summary).toMatch(/\.$/);
    }
    expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length);
  });

  test('every one is named after its file', async () => {
    const files = (await readdir('templates')).filter((file) => /^[a-z-]+\.ts$/.test(file)).map((file) => file.replace('.ts', ''));

    expect(templates.map(({ name }) => name).sort()).toEqual(files.filter((file) => file !== 'index.gen').sort());
  });

  describe.each(everything.map(({ template, sample, data }) => [`${template.name}, ${sample}`, template, data] as const))('%s', (_name, template, data) => {
    test('S12: fits Slack with 0, 1, 49, 50, 51 and 10,000 items', async () => {
      for (const count of COUNTS) expect({ count, issues: await issuesOf(template, withListsOf(data, count)) }).toEqual({ count, issues: [] });
    });

    test('S12: fits Slack with texts of 10 kB', async () => {
      for (const text of LONG) {
        for (const count of [1, 51]) {
          const long = withListsOf(withEveryText(data, text, isText), count);
          expect({ text: text.slice(0, 8), count, issues: await issuesOf(template, long) }).toEqual({ text: text.slice(0, 8), count, issues: [] });
        }
      }
    });

    test('S13: has a text of at most 300 characters that needs no markup', () => {
      const { text } = render(template, data);

      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(300);
      expect(text).not.toMatch(/[*_~`<]/);
    });

    test('S13: names the cluster and the severity, where there is one', () => {
      const { text } = render(template, data);

      for (const path of [['cluster'], ['scan', 'cluster']]) {
        const cluster = textAt(data, ...path);
        if (cluster !== undefined) expect(text).toContain(cluster);
      }
      const clusters = textsAt(data, 'clusters');
      if (CHANNEL_BLOCKS[template.name] !== undefined && clusters.length > 0) expect(text).toContain(clusters.length === 1 ? clusters[0] : `${clusters.length} clusters`);
      const severity = textAt(data, 'severity') ?? textAt(data, 'finding', 'severity');
      if (severity !== undefined) expect(text.toLowerCase()).toContain(severity);
    });

    test('S14: nothing that others wrote can mention, link, hide or break the layout', () => {
      for (const hostile of HOSTILE) {
        expect(harms(template, withEveryText(data, hostile, isForeign))).toEqual([]);
        for (const { path, data: one } of withEachText(data, hostile, isForeign)) expect({ path, harms: harms(template, one) }).toEqual({ path, harms: [] });
      }
    });

    test('S15: a cut is visible, between characters, and never inside an entity or a code span', () => {
      for (const text of LONG) {
        const long = withEveryText(data, text, isForeign);
        expect(harms(template, long)).toEqual([]);
        const shown = JSON.stringify(render(template, long));
        if (shown !== JSON.stringify(render(template, data))) expect(shown).toContain('…');
      }
    });

    test('S16: pictures have a text, and buttons with the same label have labels of their own', () => {
      const { blocks } = render(template, data);
      const all = [...objectsIn(blocks)].map(({ value }) => value);

      for (const image of all.filter(({ type }) => type === 'image')) expect(textAt(image, 'alt_text')).toBeTruthy();
      for (const group of Map.groupBy(all.filter(({ type }) => type === 'button'), (button) => textAt(button, 'text', 'text')).values()) {
        if (group.length > 1) expect(new Set(group.map((button) => textAt(button, 'accessibility_label') ?? '')).size).toBe(group.length);
      }
    });

    test('S17: times are said by the one helper', () => {
      const message = render(template, data);

      for (const { text, markup } of textsOf(message)) {
        expect(text).not.toMatch(/\d{4}-\d\d-\d\dT/);
        if (markup) for (const token of text.match(/<!date[^>]*>/g) ?? []) expect(token).toMatch(OWN_ENTITY);
        else expect(text).not.toContain('<!date');
      }
    });

    test('S19: is short where it is posted in a channel, and labels are', async () => {
      const most = CHANNEL_BLOCKS[template.name];
      for (const count of [1, 51, 10_000]) {
        const { blocks } = render(template, withListsOf(data, count));
        if (most !== undefined) expect(blocks.length).toBeLessThanOrEqual(most);
      }
      for (const text of ['', ...LONG]) {
        const { blocks } = await sealed(template, text === '' ? data : withEveryText(data, text, isText));
        for (const { value } of objectsIn(blocks)) if (value.type === 'button') expect((textAt(value, 'text', 'text') ?? '').length).toBeLessThanOrEqual(LABEL);
      }
    });

    test('is the same every time, and leaves its data alone', () => {
      const before = JSON.stringify(data);

      expect(render(template, data)).toEqual(render(template, structuredClone(data)));
      expect(JSON.stringify(data)).toBe(before);
    });
  });

  test('S16: a severity is a word', () => {
    for (const severity of SEVERITIES) {
      for (const { template, data } of everything) {
        if (textAt(data, 'finding', 'severity') === undefined) continue;
        const one = { ...(data as object), finding: { ...(data as { finding: object }).finding, severity } };
        expect(textsOf(render(template, one)).some(({ text }) => text.toLowerCase().includes(severity))).toBe(true);
      }
    }
  });

  describe('S20: counts add up', () => {
    test.each([[0, 0], [1, 1], [1, 5], [5, 5], [5, 6], [20, 20], [20, 37]])('in the thread of a scan, with %i of %i findings', (given, count) => {
      const template = named('scan-findings');
      const data = { ...(template.samples.many as object), findings: Array.from({ length: given }, () => sampleFinding()), count };
      const lines = listLines(render(template, data));

      expect(linesText(render(template, data))[0]).toContain(`${count.toLocaleString('en-US')} finding`);
      expect(lines + moreOf(render(template, data))).toBe(given === 0 && count === 0 ? 1 : count);
    });

    test.each([[2, 20], [5, 5], [5, 6], [1, 1], [0, 0]])('in the message of a scan, with %i of %i findings named', (top, count) => {
      const template = named('scan');
      const done = template.samples.done as { readonly scan: { readonly summary: object } };
      const summary = { ...done.scan.summary, open: { critical: count, high: 0, medium: 0, low: 0, info: 0 }, top: Array.from({ length: top }, () => sampleFinding()) };
      const message = render(template, { scan: { ...done.scan, summary } });

      const detailed = [...objectsIn(message.blocks)].filter(({ value }) => textAt(value, 'text', 'text') === 'Details').length;
      expect(detailed + moreOf(message)).toBe(count);
      expect(textsOf(message)[0]?.text).toContain(count === 0 ? 'nothing open' : `${count} critical`);
    });

    test.each([[1, 1], [8, 8], [8, 9], [8, 10_000]])('in the message of a request, with %i of %i changes listed', (listed, all) => {
      const template = named('request');
      const pending = template.samples.pending as { readonly changes: readonly object[]; readonly counts: object };
      const message = render(template, { ...pending, changes: Array.from({ length: listed }, () => pending.changes[0]), counts: { ...pending.counts, all }, stays: [] });

      const more = Number(/… ([\d,]+) more/.exec(JSON.stringify(message))?.[1]?.replaceAll(',', '') ?? '0');
      expect(listLines(message) - (more > 0 ? 1 : 0) + more).toBe(all);
      expect(JSON.stringify(message)).toContain(`Would be removed (${all.toLocaleString('en-US')})`);
    });

    test.each([[0, 0], [1, 1], [5, 5], [5, 1234]])('in a digest, with %i of %i findings named', (worst, count) => {
      const template = named('daily-digest');
      const list = { count, worst: Array.from({ length: worst }, () => ({ ...sampleFinding(), cluster: 'prod-eu' })) };
      const message = render(template, { ...(template.samples.normal as object), fresh: list, worse: { count: 0, worst: [] }, fixed: { count: 0, worst: [] } });

      expect(linesText(message)[0]).toContain(`${count.toLocaleString('en-US')} new`);
      expect(listLines(message) + moreOf(message)).toBe(count);
    });
  });

  test('S43: what could not be looked at is never said to be clean', () => {
    const { scan } = named('scan').samples.incomplete as { readonly scan: { readonly summary: object } };
    const empty = { ...scan, summary: { ...scan.summary, open: { critical: 0, high: 0, medium: 0, low: 0, info: 0 }, top: [] } };

    for (const { text } of textsOf(render(named('scan'), { scan: empty }))) expect(text).not.toMatch(/nothing open/i);
    for (const { text } of textsOf(render(named('findings'), named('findings').samples['never scanned']))) expect(text).not.toMatch(/\b(0|no) findings/i);
  });

  describe('golden files', () => {
    const isWriting = process.env.K8SSEC_TEST_WRITE_GOLDEN === 'true';

    test.each(templates.map((template) => [template.name, template] as const))('%s looks as it did', async (name, template) => {
      const path = `test/golden/${name}.json`;
      const shown = `${JSON.stringify(Object.fromEntries(Object.entries(template.samples).map(([sample, data]) => [sample, render(template, data)])), undefined, 2)}\n`;
      if (isWriting) {
        await mkdir('test/golden', { recursive: true });
        await writeFile(path, shown);
      }

      expect(existsSync(path)).toBe(true);
      expect(JSON.parse(shown)).toEqual(JSON.parse(await readFile(path, 'utf8')));
    });

    test('none is left of a template that is gone', async () => {
      expect((await readdir('test/golden')).sort()).toEqual(templates.map(({ name }) => `${name}.json`).sort());
    });
  });
});

function named(name: string): Template {
  const found = templates.find((template) => template.name === name);
  if (found === undefined) throw new Error(`there is no template ${name}`);
  return found;
}

function sampleFinding(): object {
  return (named('finding').samples.open as { readonly finding: object }).finding;
}

function render(template: Template, data: unknown): Message {
  return template.render(data, { zone: ZONE });
}

/** As it leaves the process: buttons carry tokens of 27 characters. */
function sealed(template: Template, data: unknown): Promise<Message> {
  return sealMessage(render(template, data), () => Promise.resolve('A'.repeat(27)));
}

/** What Slack would refuse, wherever the message may be shown. */
async function issuesOf(template: Template, data: unknown): Promise<readonly unknown[]> {
  const message = await sealed(template, data);
  if (template.name === HOME) return checkView(homeView(message));
  const hasFields = message.blocks.some(({ type }) => type === 'input');
  const view = hasFields ? formView({ title: 'k8ssec', submit: 'Do', blocks: message.blocks, action: { command: 'scan', args: [] } }, { channelId: 'C1', token: 'A'.repeat(27) }) : modalView('k8ssec', message.blocks, 'C1');
  return [...checkMessage(message), ...checkView(view)];
}

interface Shown {
  readonly text: string;
  /** Slack reads it as markup. */
  readonly markup: boolean;
}

/** Every text that a person may see or hear; the summary last. */
function textsOf({ text, blocks }: Message): readonly Shown[] {
  const shown: Shown[] = [];
  for (const { value } of objectsIn(blocks)) {
    if (typeof value.text === 'string') shown.push({ text: value.text, markup: value.type === 'mrkdwn' });
    for (const other of ['accessibility_label', 'alt_text', 'fallback']) if (typeof value[other] === 'string') shown.push({ text: value[other], markup: false });
  }
  return [...shown, { text, markup: true }];
}

/** Everything in the message that somebody else's text did to it. */
function harms(template: Template, data: unknown): readonly unknown[] {
  const message = render(template, data);
  const found: unknown[] = [];
  for (const { text, markup } of textsOf(message)) {
    if (!text.isWellFormed() || INVISIBLE.test(text)) found.push({ hides: text });
    if (markup) found.push(...markupHarms(text));
  }
  for (const { value } of objectsIn(message.blocks)) {
    if (typeof value.type === 'string' && LIVE_LEAVES.has(value.type)) found.push({ mentions: value });
    if (value.type === 'link' && !String(value.url).startsWith('https://')) found.push({ links: value.url });
    if (isObject(value.text) && value.text.type === 'mrkdwn' && value.text.verbatim !== true) found.push({ linksByItself: value.text });
  }
  return found;
}

function markupHarms(text: string): readonly unknown[] {
  const foreign = (text.match(ENTITY) ?? []).filter((entity) => !OWN_ENTITY.test(entity));
  const isBroken = /&(?!amp;|lt;|gt;)/.test(text) || text.replaceAll(ENTITY, '').includes('>');
  const outsideSpans = text.replaceAll(/`[^`\n]*`/g, '');
  return [...foreign.map((entity) => ({ entity, text })), ...(isBroken ? [{ brokenEntity: text }] : []), ...(outsideSpans.includes('`') ? [{ openSpan: text }] : [])];
}

/** Entries of rich text lists, the one that only says how many more there are left out. */
function listLines({ blocks }: Message): number {
  const lists = [...objectsIn(blocks)].filter(({ value }) => value.type === 'rich_text_list');
  const entries = lists.flatMap(({ value }) => value.elements as readonly unknown[]);
  return entries.filter((entry) => !/^and [\d,]+ more/.test(leafText(entry))).length;
}

function leafText(value: unknown): string {
  return [...objectsIn(value)].map(({ value: leaf }) => (typeof leaf.text === 'string' ? leaf.text : '')).join('');
}

/** How many more there are, as the message says. */
function moreOf(message: Message): number {
  const found = textsOf(message).map(({ text }) => /^and ([\d,]+) more/.exec(text)?.[1]);
  return Number((found.find((count) => count !== undefined) ?? '0').replaceAll(',', ''));
}

function linesText(message: Message): readonly string[] {
  return textsOf(message).map(({ text }) => text);
}
