import { describe, expect, test } from '@jest/globals';
import { readManifest } from '#src/iac/manifest.ts';
import { writtenIn } from '#src/iac/render/written-in.ts';

function lines(template: string, made: readonly string[]): readonly (number | undefined)[] {
  const manifest = readManifest(made.map((kind, index) => `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: n${index} }\n`).join(''));
  return writtenIn(template, manifest).objects.map(({ writtenAt }) => writtenAt);
}

describe('src/iac/render/written-in.ts', () => {
  test.each([
    ['the line of its kind', '{{- if .Values.on }}\n\nkind: Pod\n{{ end }}', ['Pod'], [3]],
    ['not what another refers to', 'kind: Scaler\nspec:\n  target:\n    kind: Pod\n---\nkind: Pod', ['Scaler', 'Pod'], [1, 6]],
    ['one line for each object of a kind', 'kind: Pod\n---\nkind: Service\n---\n"kind": "Pod" # two', ['Pod', 'Service', 'Pod'], [1, 3, 5]],
    ['the first line for a loop', '{{ range $x }}\nkind: Pod\n---\n{{ end }}\nkind: Pod', ['Pod', 'Pod', 'Pod'], [2, 2, 2]],
    ['a line on which a template chooses', '\nkind: {{ if .a }}DaemonSet{{ else }}Pod{{ end }}', ['Pod'], [2]],
    ['a line that a template fills', '\nkind: {{ .Values.kind }}', ['Pod'], [2]],
    ['the line within a list', 'kind: List\nitems:\n  - kind: Pod\n    a: b', ['Pod'], [3]],
    ['the first line of a file that includes all', '\n{{ include "all" . }}', ['Pod'], [1]],
  ])('gives an object %s', (_, template, made, expected) => {
    expect(lines(template, made)).toEqual(expected);
  });

  test('counts no documents, and keeps the lines of what was made for comments', () => {
    const made = readManifest('---\n# made\n# k8ssec:ignore access/a reason="b"\nkind: Pod\napiVersion: v1\n');

    const { objects, suppressions } = writtenIn('{{ x }}\n{{ y }}\n\n\n  # k8ssec:ignore access/a reason="b"\nkind: Pod', made);

    expect(objects.map(({ document, writtenAt, lineOf }) => ({ document, writtenAt, line: lineOf([]) }))).toEqual([{ document: undefined, writtenAt: 6, line: 4 }]);
    expect(suppressions).toMatchObject([{ line: 5, about: 4 }]);
  });
});
