import { describe, expect, test } from '@jest/globals';
import { createStyle } from '#src/cli/output/style.ts';
import { createSink } from '#test/fakes/cli-world.ts';

describe('src/cli/output/style.ts', () => {
  test.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a pipe', {}, {}, false],
    ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['a terminal with an empty NO_COLOR', { isTTY: true }, { NO_COLOR: '' }, true],
    ['a pipe with FORCE_COLOR', {}, { FORCE_COLOR: '1' }, true],
    ['a terminal with FORCE_COLOR=0', { isTTY: true }, { FORCE_COLOR: '0' }, false],
    ['both variables', {}, { NO_COLOR: '1', FORCE_COLOR: '3' }, true],
    ['a terminal that has no colours', { isTTY: true }, { TERM: 'dumb' }, false],
  ])('%s', (_, terminal, env, coloured) => {
    const style = createStyle(createSink(terminal), env);

    expect(style.severity('high', 'high') !== 'high').toBe(coloured);
    expect(style.bold('x') !== 'x').toBe(coloured);
  });
});
