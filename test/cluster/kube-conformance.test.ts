import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { recordedAnswers } from '#test/unit/src/sandbox/kube/conformance/answers.ts';
import { runScenario, targetOf } from '#test/unit/src/sandbox/kube/conformance/run.ts';
import { SCENARIOS } from '#test/unit/src/sandbox/kube/conformance/scenarios/all.ts';

// Needs a kubeconfig of an administrator of a throw-away cluster, with certificates or token inside it. The scenarios make and
// delete objects of their own names only. They were recorded from an API server without other controllers.
const kubeconfig = process.env.K8SSEC_TEST_KUBECONFIG;

(kubeconfig === undefined ? describe.skip : describe)('src/sandbox/kube/sandbox.ts against a real API server', () => {
  const recorded = recordedAnswers();

  test.each(SCENARIOS)('the server still answers like this: $name', async (scenario) => {
    const answers = await runScenario(scenario, targetOf(readFileSync(kubeconfig ?? '', 'utf8')));

    expect(answers).toEqual(recorded[scenario.name]);
  });
});
