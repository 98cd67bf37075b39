import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { pipelineHost, pipelineObject, pipelineOf } from '#src/model/pipeline.ts';

function workflow(text: string) {
  return pipelineOf(pipelineObject('.github/workflows/a.yaml', parse(text) as unknown));
}

function gitlab(text: string) {
  return pipelineOf(pipelineObject('.gitlab-ci.yml', parse(text) as unknown));
}

const run = (command: string) => workflow(`on: pull_request\njobs: { a: { steps: [{ run: ${JSON.stringify(command)} }] } }`).scanners;
const uses = (action: string, more = '') => workflow(`on: pull_request\njobs: { a: { steps: [{ uses: ${action}${more} }] } }`).scanners;

describe('src/model/pipeline.ts', () => {
  test.each<[string, string | undefined]>([
    ['.github/workflows/scan.yaml', 'github'],
    ['.github/workflows/scan.yml', 'github'],
    ['.gitlab-ci.yml', 'gitlab'],
    ['.github/workflows/old/scan.yaml', undefined],
    ['charts/.github/workflows/scan.yaml', undefined],
    ['ci/.gitlab-ci.yml', undefined],
    ['.github/dependabot.yml', undefined],
  ])('%s is run by %s', (name, host) => {
    expect(pipelineHost(name)).toBe(host);
  });

  test.each<[string, string[]]>([
    ['npx --yes k8ssec scan . --format sarif', ['k8ssec']],
    ['docker run ghcr.io/acme/k8ssec:1.2 scan /src', ['k8ssec']],
    ['trivy config --exit-code 1 .', ['Trivy']],
    ['trivy fs \\\n  --scanners vuln,misconfig .', ['Trivy']],
    ['checkov -d .', ['Checkov']],
    ['tfsec . && terrascan scan', ['tfsec', 'Terrascan']],
    ['helm template . | kube-score score -', ['kube-score']],
    ['snyk iac test', ['Snyk']],
    ['trivy image --config trivy.yaml app', []],
    ['k8ssec explain x', []],
    ['# checkov -d .\necho "tfsec"', []],
    ['kubectl scan', []],
  ])('the command %j runs %j', (command, scanners) => {
    expect(run(command)).toEqual(scanners);
  });

  test.each<[string, string, string[]]>([
    ['aquasecurity/trivy-action@0.33.1', ', with: { scan-type: config, scan-ref: . }', ['Trivy']],
    ['aquasecurity/trivy-action@0.33.1', ', with: { image-ref: app }', []],
    ['bridgecrewio/checkov-action@v12', '', ['Checkov']],
    ['docker://bridgecrew/checkov:3', '', ['Checkov']],
    ['stackrox/kube-linter-action@v1', '', ['KubeLinter']],
    ['actions/checkout@v4', ', with: { repository: acme/checkov }', []],
  ])('the action %s%s runs %j', (action, more, scanners) => {
    expect(uses(action, more)).toEqual(scanners);
  });

  test.each<[string, boolean, boolean]>([
    ['pull_request', true, false],
    ['[push, merge_group]', true, false],
    ['{ pull_request_target: { branches: [main] }, push: }', true, false],
    ['{ workflow_call: {} }', false, true],
    ['{ push: { branches: [main] }, schedule: [{ cron: x }] }', false, false],
  ])('a workflow on %s', (on, onChanges, isCalled) => {
    expect(workflow(`on: ${on}\njobs: {}`)).toMatchObject({ host: 'github', onChanges, isCalled });
  });

  test('tells what is called in the repository from what is defined elsewhere', () => {
    const { calls, elsewhere } = workflow('on: pull_request\njobs:\n  a: { uses: ./.github/workflows/scan.yml }\n  b: { uses: acme/ci/.github/workflows/scan.yml@v1 }\n  c: { steps: [{ uses: ./.github/actions/scan }, { uses: actions/checkout@v4 }] }');

    expect(calls).toEqual(['.github/workflows/scan.yml']);
    expect(elsewhere).toEqual(['.github/actions/scan', 'acme/ci/.github/workflows/scan.yml@v1']);
  });

  test.each<[string, string, boolean, string[]]>([
    ['no rules', 'scan: { script: [checkov -d .] }', true, ['Checkov']],
    ['rules for merge requests', 'scan: { script: checkov -d ., rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }', true, ['Checkov']],
    ['rules for the default branch', 'scan: { script: checkov -d ., rules: [{ if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH }] }', false, []],
    ['rules that leave merge requests out', 'scan: { script: checkov -d ., rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event", when: never }] }', false, []],
    ['rules of the whole pipeline', 'workflow: { rules: [{ if: $CI_COMMIT_TAG }] }\nscan: { script: checkov -d . }', false, []],
    ['only merge requests', 'scan: { script: checkov -d ., only: [merge_requests] }', true, ['Checkov']],
    ['only the main branch', 'scan: { script: checkov -d ., only: { refs: [main] } }', false, []],
    ['a template of GitLab', 'include: [{ template: Jobs/SAST-IaC.gitlab-ci.yml }]', true, ['GitLab SAST-IaC']],
    ['a job that takes over another', '.scan: { image: bridgecrew/checkov, script: [run] }\nscan: { extends: [.scan], only: [merge_requests] }', true, ['Checkov']],
    ['a hidden job that nobody takes over', '.scan: { script: [checkov -d .] }\nbuild: { script: make }', true, []],
    ['a job that takes over itself', 'a: { extends: b, script: make }\nb: { extends: a }', true, []],
  ])('GitLab: %s', (_, text, onChanges, scanners) => {
    expect(gitlab(text)).toMatchObject({ host: 'gitlab', onChanges, scanners });
  });

  test('GitLab: what is included and not known is elsewhere', () => {
    expect(gitlab('include:\n  - project: acme/ci\n    file: scan.yml\n  - template: Jobs/SAST-IaC.gitlab-ci.yml').elsewhere).toEqual(['acme/ci scan.yml']);
    expect(gitlab('include: ci/scan.yml').elsewhere).toEqual(['ci/scan.yml']);
  });

  test('jobs that take over each other many times over are done at once', () => {
    const names = Array.from({ length: 30 }, (_, index) => `job${index}`);
    const jobs = names.map((name) => `${name}: { script: make, extends: [${names.join(', ')}] }`);

    expect(gitlab(jobs.join('\n')).scanners).toEqual([]);
  });
});
