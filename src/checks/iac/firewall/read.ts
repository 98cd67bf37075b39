import { knownPart, unknownLast, type RawObject, type Step } from '#src/model/raw.ts';
import { blocksIn, eachTextIn, numberIn, textIn } from '#src/model/terraform.ts';
import { isEveryone, portRange, protocolOf, writtenRange, type AllowRule, type PortRange } from './rule.ts';

type Read = (body: RawObject, path: readonly Step[]) => AllowRule | undefined;

/** Rules that are blocks of the firewall. */
export function* ruleBlocks(values: RawObject, names: readonly string[], read: Read): Generator<() => AllowRule | undefined> {
  for (const name of names) for (const { path, body } of blocksIn(values, name)) yield () => read(body, path);
}

/** A resource that is one rule. */
export function oneRule(read: Read): (values: RawObject) => Iterable<() => AllowRule | undefined> {
  return (values) => [() => read(values, [])];
}

/** Whether an argument says one of these words, in any case; what is not written is `otherwise`. */
export function says(body: RawObject, name: string, words: readonly string[], otherwise = false): boolean {
  const text = textIn(body, name);
  return text === undefined ? otherwise : words.includes(text.trim().toLowerCase());
}

/**
 * What several arguments list together.
 *
 * @throws {Unresolved} when something of it is not known; not when everyone is among what is known.
 */
export function sourcesIn(body: RawObject, ...names: readonly string[]): readonly string[] {
  const { known, unknown } = knownPart(unknownLast(names, (name) => eachTextIn(body, name)));
  if (unknown !== undefined && !known.some(isEveryone)) throw unknown;
  return known;
}

/** Ports from one argument to another. */
export function numbered(body: RawObject, protocol: string, from: string, to: string): PortRange {
  return portRange(protocolOf(textIn(body, protocol)), numberIn(body, from), numberIn(body, to));
}

/** Ports written as texts; none of them is every port. */
export function written(protocol: string, ranges: readonly string[]): readonly PortRange[] {
  const filled = ranges.filter((range) => range !== '');
  return filled.length === 0 ? [{ protocol }] : filled.map((range) => writtenRange(protocol, range));
}
