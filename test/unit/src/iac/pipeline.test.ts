import { describe, expect, test } from '@jest/globals';
import { readPipeline } from '#src/iac/pipeline.ts';

describe('src/iac/pipeline.ts', () => {
  test('reads tags and expressions that no manifest has', () => {
    const read = readPipeline('.gitlab-ci.yml', '# comment\n\nscan:\n  script:\n    - !reference [.scan, script]\n    - echo ${{ secrets.A }} {{ .Values.b }}\n');

    expect(read).toMatchObject({
      objects: [{ object: { kind: 'Pipeline', metadata: { name: '.gitlab-ci.yml' }, definition: { scan: { script: [['.scan', 'script'], 'echo ${{ secrets.A }} {{ .Values.b }}'] } } } }],
      unreadable: [],
    });
    expect('objects' in read && read.objects[0]?.lineOf(['definition'])).toBe(3);
  });

  test('hears comments that leave findings out', () => {
    const read = readPipeline('.github/workflows/a.yaml', '# k8ssec:ignore iac/no-scan-in-pipeline reason="scanned elsewhere"\nname: a\n');

    expect(read).toMatchObject({ suppressions: [{ line: 1, about: 2, check: 'iac/no-scan-in-pipeline', reason: 'scanned elsewhere' }] });
    expect('objects' in read && read.objects[0]?.lineOf([])).toBe(2);
  });

  test.each([
    ['broken', 'a: ['],
    ['a bomb', ['a: &a [x,x,x,x,x,x,x,x,x,x]', ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefgh'[index] ?? ''}`).join(',')}]`)].join('\n')],
  ])('is not read when it is %s', (_, text) => {
    expect(readPipeline('.gitlab-ci.yml', text)).toEqual({ reason: 'no YAML of a pipeline' });
  });
});
