import { describe, expect, test } from '@jest/globals';
import { blockLines } from '#src/iac/terraform/blocks.ts';
import type { Step } from '#src/model/raw.ts';

const TEXT = `# resource "a_b" "c" {
resource "a_b" "c" { # {
  text = "a } \${lower("}")} b"
  list = [
    { x = 1 }, /* } */
  ]
  doc = <<-EOT
    inner {
      text = 2
    }
  EOT
  inner {
    text = 3
  }
  inner {
    text = 4
    deeper { text = 5 }
  }
  dynamic "made" {
    for_each = [1, 2]
    content {
      text = made.value
    }
  }
  after = true
}
resource "a_b" "c" {
  text = 1
}
`;

describe('src/iac/terraform/blocks.ts', () => {
  test.each<[string, readonly Step[], number, number]>([
    ['the block itself', [], 0, 2],
    ['an argument', ['text'], 0, 3],
    ['an argument over lines', ['list', 0, 'x'], 0, 4],
    ['a heredoc', ['doc'], 0, 7],
    ['a block', ['inner', 0, 'text'], 0, 13],
    ['the second of a name', ['inner', 1, 'text'], 0, 16],
    ['a block on one line', ['inner', 1, 'deeper', 0, 'text'], 0, 17],
    ['a block without its index', ['inner', 'text'], 0, 13],
    ['an argument that is absent', ['inner', 1, 'absent'], 0, 15],
    ['each that a dynamic block makes', ['made', 1, 'text'], 0, 22],
    ['what follows all of them', ['after'], 0, 25],
    ['the second block with these labels', ['text'], 1, 28],
  ])('finds %s', (_, path, occurrence, line) => {
    expect(blockLines(TEXT).lineOf('resource.a_b.c', path, occurrence)).toBe(line);
  });

  test('keeps what stands before a mistake', () => {
    expect(blockLines('a "b" {\n  c = 1\n  d = "\n').lineOf('a.b', [], 0)).toBe(1);
    expect(blockLines('x = 1\na {\n}\n}}} "').lineOf('a', [], 0)).toBe(2);
  });

  test.each([
    ['brackets', `x = ${'['.repeat(5000)}`],
    ['blocks', 'a {\n'.repeat(5000)],
    ['templates', `x = ${'"${'.repeat(5000)}`],
  ])('refuses %s that would take the parser down', (_, text) => {
    expect(() => blockLines(text)).toThrow('more than 100 levels deep');
  });
});
