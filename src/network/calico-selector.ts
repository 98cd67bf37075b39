/** Whether labels are chosen. */
export type LabelMatcher = (labels: ReadonlyMap<string, string>) => boolean;

/** Words, texts in quotes, and signs. */
const TOKEN = /\s*(?:(&&|\|\||[!=]=|[!(){},])|"([^"]*)"|'([^']*)'|([\w./-]+))/y;

type Token = { readonly sign: string } | { readonly text: string } | { readonly word: string };

class Unreadable extends Error {}

/** Reads a selector of Calico, such as `app == 'web' && has(tier)`. Undefined when it is not one. An empty one chooses everything. */
export function parseCalicoSelector(selector: string): LabelMatcher | undefined {
  if (selector.trim() === '') return () => true;
  try {
    const reader = createReader(tokensOf(selector));
    const matcher = anyOf(reader);
    return reader.done() ? matcher : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

interface Reader {
  readonly next: () => Token;
  /** Takes the sign or word if it comes next. */
  readonly take: (wanted: string) => boolean;
  readonly done: () => boolean;
}

function tokensOf(selector: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (selector.slice(TOKEN.lastIndex).trim() !== '') {
    const [, sign, double, single, word] = TOKEN.exec(selector) ?? [];
    const text = double ?? single;
    if (sign !== undefined) tokens.push({ sign });
    else if (text !== undefined) tokens.push({ text });
    else if (word !== undefined) tokens.push({ word });
    else throw new Unreadable();
  }
  return tokens;
}

function createReader(tokens: readonly Token[]): Reader {
  let place = 0;
  return {
    next() {
      const token = tokens[place];
      if (token === undefined) throw new Unreadable();
      place += 1;
      return token;
    },
    take(wanted) {
      const token = tokens[place];
      const found = token !== undefined && (('sign' in token && token.sign === wanted) || ('word' in token && token.word === wanted));
      if (found) place += 1;
      return found;
    },
    done: () => place === tokens.length,
  };
}

function anyOf(reader: Reader): LabelMatcher {
  const parts = [allOf(reader)];
  while (reader.take('||')) parts.push(allOf(reader));
  return (labels) => parts.some((part) => part(labels));
}

function allOf(reader: Reader): LabelMatcher {
  const parts = [one(reader)];
  while (reader.take('&&')) parts.push(one(reader));
  return (labels) => parts.every((part) => part(labels));
}

function one(reader: Reader): LabelMatcher {
  if (reader.take('!')) return not(one(reader));
  if (reader.take('(')) return closed(reader, anyOf(reader));
  if (reader.take('all') || reader.take('global')) return emptyCall(reader);
  if (reader.take('has')) {
    expectSign(reader, '(');
    const key = word(reader);
    return closed(reader, (labels) => labels.has(key));
  }
  return comparison(reader, word(reader));
}

function comparison(reader: Reader, key: string): LabelMatcher {
  if (reader.take('==')) return compare(key, text(reader), (value, wanted) => value === wanted);
  if (reader.take('!=')) return not(compare(key, text(reader), (value, wanted) => value === wanted));
  if (reader.take('contains')) return compare(key, text(reader), (value, wanted) => value.includes(wanted));
  if (reader.take('starts')) return withWord(reader, () => compare(key, text(reader), (value, wanted) => value.startsWith(wanted)));
  if (reader.take('ends')) return withWord(reader, () => compare(key, text(reader), (value, wanted) => value.endsWith(wanted)));
  const negated = reader.take('not');
  if (!reader.take('in')) throw new Unreadable();
  const values = texts(reader);
  const among: LabelMatcher = (labels) => values.has(labels.get(key) ?? '') && labels.has(key);
  return negated ? not(among) : among;
}

function compare(key: string, wanted: string, holds: (value: string, wanted: string) => boolean): LabelMatcher {
  return (labels) => {
    const value = labels.get(key);
    return value !== undefined && holds(value, wanted);
  };
}

function not(matcher: LabelMatcher): LabelMatcher {
  return (labels) => !matcher(labels);
}

function withWord(reader: Reader, rest: () => LabelMatcher): LabelMatcher {
  if (!reader.take('with')) throw new Unreadable();
  return rest();
}

function emptyCall(reader: Reader): LabelMatcher {
  expectSign(reader, '(');
  return closed(reader, () => true);
}

function closed(reader: Reader, matcher: LabelMatcher): LabelMatcher {
  expectSign(reader, ')');
  return matcher;
}

function texts(reader: Reader): ReadonlySet<string> {
  const values = new Set<string>();
  expectSign(reader, '{');
  while (!reader.take('}')) {
    values.add(text(reader));
    reader.take(',');
  }
  return values;
}

function expectSign(reader: Reader, sign: string): void {
  if (!reader.take(sign)) throw new Unreadable();
}

function word(reader: Reader): string {
  const token = reader.next();
  if ('word' in token) return token.word;
  throw new Unreadable();
}

function text(reader: Reader): string {
  const token = reader.next();
  if ('text' in token) return token.text;
  throw new Unreadable();
}
