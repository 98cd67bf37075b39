import { describe, expect, test } from '@jest/globals';
import { nodeProblem } from '#src/cli/node-version.ts';

describe('src/cli/node-version.ts', () => {
  test.each(['22.19.0', '22.20.1', '24.0.0', '100.1.0'])('Node %s will do', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  test.each(['22.18.9', '20.20.2', '4.9.1', ''])('Node %j is too old, and the person learns what to do', (version) => {
    expect(nodeProblem(version)).toMatch(/^k8ssec needs Node\.js 22\.19 or newer and this is .*; get Node\.js 24 from https:\/\/nodejs\.org/);
  });
});
