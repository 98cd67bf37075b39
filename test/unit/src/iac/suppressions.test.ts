import { describe, expect, test } from '@jest/globals';
import { hclSuppressions, yamlSuppressions } from '#src/iac/suppressions.ts';

const ASK = 'k8ssec:ignore workload/privileged reason="needs the device"';

describe('src/iac/suppressions.ts', () => {
  test('reads check, reason and end from a comment', () => {
    expect(yamlSuppressions(`# ${ASK} until=2026-12-31\nkind: Pod\n`)).toEqual([{ line: 1, about: 2, check: 'workload/privileged', reason: 'needs the device', until: '2026-12-31' }]);
  });

  test.each([
    ['the line that it ends', `kind: Pod # ${ASK}\nspec:\n`, 1],
    ['the next line that is no comment', `# ${ASK}\n\n# more\nkind: Pod\n`, 4],
    ['what comes after the start of its document', `# ${ASK}\n---\nkind: Pod\n`, 3],
    ['the line below in a list', `items:\n  # ${ASK}\n  - name: a\n`, 3],
  ])('is about %s', (_, text, about) => {
    expect(yamlSuppressions(text)).toMatchObject([{ about }]);
  });

  test.each([
    ['a block', `text: |\n  # ${ASK}\n  more\nkind: Pod\n`],
    ['a quoted text', `text: "# ${ASK.replaceAll('"', "'")}"\n`],
    ['a plain text', `text: a#k8ssec:ignore workload/privileged\n`],
    ['another word', '# no-k8ssec:ignore workload/privileged reason=x\nkind: Pod\n'],
  ])('sees none in %s', (_, text) => {
    expect(yamlSuppressions(text)).toEqual([]);
  });

  test.each([
    ['# k8ssec:ignore', 'it names no check'],
    ['# k8ssec:ignore reason="no check"', 'it names no check'],
    ['# k8ssec:ignore workload/privileged', 'it gives no reason'],
    ['# k8ssec:ignore workload/privileged reason="  "', 'it gives no reason'],
    ['# k8ssec:ignore workload/privileged reason="x" until=2026-02-30', 'its until is no day such as 2026-12-31'],
    ['# k8ssec:ignore workload/privileged reason=needs the device', 'it takes a check, reason="…" and until=2026-12-31, and holds something else'],
    ['# k8ssec:ignore workload/privileged reason="x" untill=2026-12-31', 'it takes a check, reason="…" and until=2026-12-31, and holds something else'],
  ])('%s does not hold', (comment, fault) => {
    expect(yamlSuppressions(`${comment}\nkind: Pod\n`)).toMatchObject([{ fault }]);
  });

  test('does not hold at the end, where nothing comes after it', () => {
    expect(yamlSuppressions(`kind: Pod\n# ${ASK}\n`)).toMatchObject([{ line: 2, fault: 'nothing comes after it' }]);
  });

  test.each([
    ['#', `resource "a" "b" {\n  # ${ASK}\n  x = 1\n}\n`],
    ['//', `resource "a" "b" {\n  // ${ASK}\n  x = 1\n}\n`],
    ['/* */', `resource "a" "b" {\n  /* ${ASK} */\n  x = 1\n}\n`],
    ['the end of the line', `resource "a" "b" {\n\n  x = 1 # ${ASK}\n}\n`],
  ])('reads comments of Terraform: %s', (_, text) => {
    expect(hclSuppressions(text)).toMatchObject([{ about: 3, check: 'workload/privileged', reason: 'needs the device' }]);
  });

  test('sees none in a text of Terraform, and keeps what stands before a fault', () => {
    expect(hclSuppressions(`a = "# k8ssec:ignore x"\n# ${ASK}\nb = "open\n`)).toMatchObject([{ line: 2, about: 3 }]);
  });
});
