import { describe, expect, test } from '@jest/globals';
import { parseCalicoSelector } from '#src/network/calico-selector.ts';

const LABELS = new Map([
  ['app', 'web'],
  ['tier', 'front-end'],
  ['example.com/team', 'shop'],
]);

describe('src/network/calico-selector.ts', () => {
  test.each<[string, boolean]>([
    ['', true],
    ['all()', true],
    ["app == 'web'", true],
    ['app == "api"', false],
    ["app != 'api'", true],
    ["none != 'api'", true],
    ['has(app)', true],
    ['!has(app)', false],
    ["app in {'api', 'web'}", true],
    ["app not in {'api', 'web'}", false],
    ["none not in {'api'}", true],
    ["none in {''}", false],
    ["tier contains 'nt-e'", true],
    ["tier starts with 'front'", true],
    ["tier ends with 'front'", false],
    ["example.com/team == 'shop'", true],
    ["app == 'api' || app == 'web' && has(tier)", true],
    ["(app == 'api' || app == 'web') && !has(tier)", false],
    ["!(app == 'api') && has(tier)", true],
  ])('judges %s', (selector, expected) => {
    expect(parseCalicoSelector(selector)?.(LABELS)).toBe(expected);
  });

  test.each(['app ==', "app = 'web'", "app == 'web", 'has(', "app == 'web' &&", "app == 'web' has(tier)", '&&', 'app like x'])('refuses %s', (selector) => {
    expect(parseCalicoSelector(selector)).toBeUndefined();
  });
});
