/** Our own limits, below Slack's, for what people can read. Characters that Slack's markup makes longer count as what they become. */
const MAX_NAME = 120;
const MAX_LINE = 200;

/** Text in Slack's markup that is safe to send: only the functions of this module make it. */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

/** A moment with the zone in which plain text names it. */
export interface Moment {
  readonly at: Date;
  /** IANA name, such as Europe/Paris. */
  readonly zone: string;
}

/**
 * Slack markup with checked insertions: numbers as they are, `Mrkdwn` as it is. A bare string does not compile, because the
 * author has to say whether it is a name (`code`), a sentence of ours (`ours`) or a person (`person`).
 */
export function md(literals: TemplateStringsArray, ...insertions: readonly (Mrkdwn | number)[]): Mrkdwn {
  return { mrkdwn: literals.map((literal, index) => literal + inserted(insertions[index])).join('') };
}

function inserted(insertion: Mrkdwn | number | undefined): string {
  if (insertion === undefined) return '';
  return typeof insertion === 'number' ? insertion.toLocaleString('en-US') : insertion.mrkdwn;
}

export function joined(parts: readonly Mrkdwn[], separator: string): Mrkdwn {
  return { mrkdwn: parts.map((part) => part.mrkdwn).join(separator) };
}

/** A name from a cluster, a file or a person, as a code span: nothing in it can mention, link or format. */
export function code(name: string): Mrkdwn {
  return { mrkdwn: `\`${escape(oneLine(name).replaceAll('`', "'"))}\`` };
}

/** The same name for places without markup: one line of at most 120 characters, never empty. */
export function oneLine(name: string): string {
  const shown = within(clean(name).replaceAll(/\s+/g, ' ').trim(), MAX_NAME);
  return shown === '' ? '(no name)' : shown;
}

/** A sentence for a line of a list, or of a line beside others: at most 200 characters. */
export function brief(text: string): string {
  return within(clean(text).replaceAll(/\s+/g, ' ').trim(), MAX_LINE);
}

/** Cut so that it is no longer than that once it is escaped. */
function within(text: string, max: number): string {
  let shown = cut(text, max);
  for (let excess = escape(shown).length - max; excess > 0; excess = escape(shown).length - max) shown = cut(shown, shown.length - Math.ceil(excess / LONGEST_ENTITY));
  return shown;
}

/** A sentence of this product, such as the title of a check. */
export function ours(sentence: string): Mrkdwn {
  return { mrkdwn: escape(sentence) };
}

/**
 * A sentence that holds names from a cluster, such as a finding's message. Characters that would begin or end formatting are shown
 * as look-alikes; the exact text stands where nothing is formatted.
 */
export function sentence(text: string): Mrkdwn {
  const quiet = clean(text)
    .replaceAll('`', "'")
    .replaceAll(/(?<![\p{L}\p{N}])[*_~]|[*_~](?![\p{L}\p{N}])/gu, (mark) => LOOK_ALIKES[mark] ?? mark);
  return { mrkdwn: escape(quiet) };
}

const LOOK_ALIKES: Readonly<Record<string, string>> = { '*': '∗', _: '＿', '~': '∼' };

/** Mentions a person by Slack id. */
export function person(userId: string): Mrkdwn {
  return /^[UW][A-Z0-9]{2,}$/.test(userId) ? { mrkdwn: `<@${userId}>` } : code(userId);
}

/** Mentions people and user groups by Slack id. */
export function mentions(ids: readonly string[]): Mrkdwn {
  return joined(ids.map((id) => (/^S[A-Z0-9]{2,}$/.test(id) ? { mrkdwn: `<!subteam^${id}>` } : person(id))), ', ');
}

/** Mentions a channel by Slack id; a direct message has no name to show. */
export function channelMention(channelId: string): Mrkdwn {
  return { mrkdwn: /^[CG][A-Z0-9]{2,}$/.test(channelId) ? `<#${channelId}>` : 'this conversation' };
}

/** A moment in the reader's own zone and words, with a text for clients that cannot. */
export function moment({ at }: Pick<Moment, 'at'>): Mrkdwn {
  return { mrkdwn: `<!date^${unixSeconds(at)}^{date_short_pretty} {time}|${utcText(at)}>` };
}

/** A moment for places where no markup works: `Mon 23 Nov, 09:00 CET`. */
export function plainMoment({ at, zone }: Moment): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')}, ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}

/** `Mon 23 Nov`, for headers. */
export function plainDay(when: Moment): string {
  return plainMoment(when).split(',')[0] ?? '';
}

/** `09:00 CET`, where the day is plain from the context. */
export function plainTime(when: Moment): string {
  return plainMoment(when).split(', ')[1] ?? '';
}

export function utcText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

/** A length of time in words, in its largest fitting unit: `40 s`, `3 min`, `5 h`, `2 days`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** `1 finding`, `2 findings`, `1,204 objects`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const LONGEST_ENTITY = '&amp;'.length;

/** The three characters that Slack reads as markup, in one pass. */
export function escape(text: string): string {
  return text.replaceAll(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

// Tab and line feed stay. U+200D joins emoji, but hides between letters just as well. U+E0000 and what follows spell hidden text.
const INVISIBLE =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/gu;

/** Replaces characters that nobody sees but that hide or reorder others: controls, zero-width and right-to-left marks. */
export function clean(text: string): string {
  return text.toWellFormed().replaceAll(INVISIBLE, '�');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** At most `max` UTF-16 units, ending in `…` when something is missing. Cuts between graphemes, and at a blank when one is near. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, max + 64))) {
    if (index + segment.length > max - 1) break;
    end = index + segment.length;
  }
  const blank = text.lastIndexOf(' ', end);
  const kept = blank > end * 0.8 ? text.slice(0, blank) : text.slice(0, end);
  return `${kept.trimEnd()}…`;
}
