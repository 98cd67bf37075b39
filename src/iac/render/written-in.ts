import { textAt } from '#src/model/raw.ts';
import type { Manifest, ManifestObject } from '../manifest.ts';
import type { Suppression } from '../suppressions.ts';

/** The line on which an object says its kind. */
const KIND = /^(\s*(?:- +)?)["']?kind["']?\s*:(.*)$/;

interface KindLine {
  readonly line: number;
  readonly indent: number;
  /** What stands after the colon, which may be for a template engine. */
  readonly value: string;
}

/**
 * What was made of a file, with the lines of that file.
 *
 * The line of an object is the one that says its kind. Where a file makes more objects of a kind than it has such lines, as in a loop, it is the first; where it has none, the first of the file.
 */
export function writtenIn(text: string, { objects, suppressions, ...rest }: Manifest): Manifest {
  const lines = text.split('\n');
  const kinds = kindLines(lines);
  const byKind = Map.groupBy(objects, ({ object }) => textAt(object, 'kind') ?? '');
  const writtenAt = new Map<ManifestObject, number>();
  for (const [kind, alike] of byKind) {
    const found = linesOf(kind, kinds);
    for (const [index, object] of alike.entries()) writtenAt.set(object, found[found.length === alike.length ? index : 0]?.line ?? 1);
  }
  return {
    ...rest,
    objects: objects.map((object) => ({ object: object.object, lineOf: object.lineOf, writtenAt: writtenAt.get(object) ?? 1 })),
    suppressions: suppressions.map((suppression) => ({ ...suppression, line: commentLine(suppression, lines) })),
  };
}

function kindLines(lines: readonly string[]): readonly KindLine[] {
  return lines.flatMap((text, index) => {
    const [, indent, value] = KIND.exec(text) ?? [];
    return indent === undefined || value === undefined ? [] : [{ line: index + 1, indent: indent.length, value }];
  });
}

function linesOf(kind: string, lines: readonly KindLine[]): readonly KindLine[] {
  const named = outermost(lines.filter(({ value }) => value.split(/\W+/).includes(kind)));
  return named.length > 0 ? named : outermost(lines.filter(({ value }) => value.includes('{{')));
}

/** What is indented more is the kind of something that an object refers to. */
function outermost(lines: readonly KindLine[]): readonly KindLine[] {
  const least = Math.min(...lines.map(({ indent }) => indent));
  return lines.filter(({ indent }) => indent === least);
}

/** A comment may itself be made by a template. */
function commentLine({ check }: Suppression, lines: readonly string[]): number {
  return Math.max(lines.findIndex((text) => text.includes('k8ssec:ignore') && text.includes(check)), 0) + 1;
}
