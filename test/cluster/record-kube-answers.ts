import { readFileSync, writeFileSync } from 'node:fs';
import { ANSWERS_FILE, RECORDED_VERSION } from '#test/unit/src/sandbox/kube/conformance/answers.ts';
import { runScenario, send, targetOf } from '#test/unit/src/sandbox/kube/conformance/run.ts';
import type { PlainAnswer } from '#test/unit/src/sandbox/kube/conformance/scenario.ts';
import { SCENARIOS } from '#test/unit/src/sandbox/kube/conformance/scenarios/all.ts';

// Records what a real API server answers to the scenarios: `node --conditions=source test/cluster/record-kube-answers.ts KUBECONFIG`
const [kubeconfig] = process.argv.slice(2);
if (kubeconfig === undefined) throw new Error('usage: node --conditions=source test/cluster/record-kube-answers.ts KUBECONFIG');

const target = targetOf(readFileSync(kubeconfig, 'utf8'));
const version = JSON.parse((await send(target, { name: 'version', path: '/version' })).text) as { readonly gitVersion: string };
if (version.gitVersion !== RECORDED_VERSION) throw new Error(`the server is ${version.gitVersion}, the answers are those of ${RECORDED_VERSION}`);

const lines: string[] = [];
for (const scenario of SCENARIOS) {
  const answers: Readonly<Record<string, PlainAnswer>> = await runScenario(scenario, target);
  lines.push(`${JSON.stringify(scenario.name)}: ${JSON.stringify(answers)}`);
}
writeFileSync(ANSWERS_FILE, `{\n${lines.join(',\n')}\n}\n`);
