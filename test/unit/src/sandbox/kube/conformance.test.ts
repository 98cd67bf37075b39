import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { recordedAnswers } from './conformance/answers.ts';
import { runScenario, targetOf, type Target } from './conformance/run.ts';
import { SCENARIOS } from './conformance/scenarios/all.ts';

// Each scenario's answers are compared with those that a real API server gave to the same requests.
describe('src/sandbox/kube/sandbox.ts', () => {
  const recorded = recordedAnswers();
  let sandbox: KubeSandbox;
  let target: Target;

  beforeAll(async () => {
    sandbox = await startKubeSandbox();
    target = targetOf(sandbox.kubeconfig('admin'));
  });

  afterAll(() => sandbox.stop());

  test('there is an answer for every scenario and a scenario for every answer', () => {
    expect(Object.keys(recorded).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort());
  });

  test.each(SCENARIOS)('answers like a real API server: $name', async (scenario) => {
    const answers = await runScenario(scenario, target);

    expect(answers).toEqual(recorded[scenario.name]);
  });
});
