import { at, isObject, objectAt, textAt, type RawObject } from './raw.ts';
import type { CodeHost } from './repositories.ts';

const API_VERSION = 'k8ssec.io/v1';
const KIND = 'Pipeline';

/** Folder and file from which code hosts run pipelines. */
export const WORKFLOWS = '.github/workflows';
export const GITLAB_PIPELINE = '.gitlab-ci.yml';

const WORKFLOW = /^\.github\/workflows\/[^/]+\.ya?ml$/;

/** The code host that runs a file as a pipeline, by its name below the root of the repository. */
export function pipelineHost(name: string): CodeHost | undefined {
  if (name === GITLAB_PIPELINE) return 'gitlab';
  return WORKFLOW.test(name) ? 'github' : undefined;
}

/** A pipeline in the shape of an object of Kubernetes. */
export function pipelineObject(name: string, definition: unknown): RawObject {
  return { apiVersion: API_VERSION, kind: KIND, metadata: { name }, definition };
}

/** What a file of pipelines says about scans of changes. */
export interface Pipeline {
  readonly host: CodeHost;
  readonly name: string;
  /** Changes run it before they are merged. */
  readonly onChanges: boolean;
  /** Only other pipelines run it. */
  readonly isCalled: boolean;
  /** Scanners of infrastructure as code that it runs on changes, or wherever it is called. */
  readonly scanners: readonly string[];
  /** Names of files of the same repository that it calls. */
  readonly calls: readonly string[];
  /** What it calls that no file of the repository defines. */
  readonly elsewhere: readonly string[];
}

export function pipelineOf(object: RawObject): Pipeline {
  const name = textAt(object, 'metadata', 'name') ?? '';
  const definition = objectAt(object, 'definition') ?? {};
  return pipelineHost(name) === 'gitlab' ? { name, ...gitlabPipeline(definition) } : { name, ...workflow(definition) };
}

/** As an action, an image or a command names them. Linters that know nothing of security are not among them. */
const SCANNERS: Readonly<Record<string, RegExp>> = {
  k8ssec: /\bk8ssec(?:[:@]\S+)?\s+scan\b/,
  // It looks for other things unless it is told.
  Trivy: /\btrivy\b[^\n]*(?<!-)\b(?:conf|config|misconfig)\b/,
  Checkov: /\bbridgecrewio\/checkov-action@|\bbridgecrew\/checkov\b|\bcheckov\s+-/,
  KICS: /\bcheckmarx\/kics\b|\bcheckmarx\/kics-github-action@|\bkics\s+scan\b/i,
  tfsec: /\baquasecurity\/tfsec[\w-]*@|\baquasec\/tfsec\b|\btfsec\s+[-.\w/]/,
  Terrascan: /\b(?:tenable|accurics)\/terrascan[\w-]*\b|\bterrascan\s+scan\b/,
  Kubescape: /\bkubescape\/github-action@|\bkubescape\s+scan\b/,
  KubeLinter: /\bstackrox\/kube-linter[\w-]*\b|\bkube-linter\s+lint\b/,
  'kube-score': /\bkube-score\s+score\b/,
  Kubesec: /\bkubesec\s+scan\b|\bcontrolplaneio\/kubesec[\w-]*@/,
  Polaris: /\bpolaris\s+audit\b|\bfairwindsops\/polaris[\w-]*@/,
  Conftest: /\bconftest\s+(?:test|verify)\b|\bopenpolicyagent\/conftest\b/,
  Datree: /\bdatreeio\/[\w-]+@|\bdatree\s+test\b/,
  Snyk: /\bsnyk\/actions\/iac@|\bsnyk\s+iac\s+test\b/,
  Wiz: /\bwizcli\s+iac\s+scan\b/,
  MegaLinter: /\boxsecurity\/megalinter\b/,
  'Super-Linter': /\b(?:super-linter|github)\/super-linter\b/,
  'GitLab SAST-IaC': /\bSAST-IaC(?:\.latest)?\.gitlab-ci\.yml\b|\bcomponents\/sast\/iac-sast@/,
};

/** Looks only where something is run: a name or a comment scans nothing. */
function scannersIn(texts: readonly string[]): readonly string[] {
  const code = texts.map((text) => text.replace(/^\s*#.*$/gm, '').replace(/\\\r?\n/g, ' ')).join('\n');
  return Object.keys(SCANNERS).filter((name) => SCANNERS[name]?.test(code));
}

function workflow(definition: RawObject): Omit<Pipeline, 'name'> {
  const triggers = namesOf(definition.on);
  const jobs = Object.values(objectAt(definition, 'jobs') ?? {}).filter(isObject);
  const steps = jobs.flatMap((job) => objectsOf(job.steps));
  const used = [...jobs, ...steps].flatMap((one) => textAt(one, 'uses') ?? []);
  const images = jobs.flatMap((job) => textAt(job, 'container') ?? textAt(job, 'container', 'image') ?? []);
  const actions = [...jobs, ...steps].map((one) => [textAt(one, 'uses') ?? '', ...textsIn(one.with)].join(' ').replaceAll('\n', ' '));
  const scanners = scannersIn([...actions, ...images, ...steps.flatMap((step) => textAt(step, 'run') ?? [])]);
  const local = used.filter((target) => target.startsWith('./')).map((target) => target.slice(2));
  return {
    host: 'github',
    onChanges: triggers.some((trigger) => ['pull_request', 'pull_request_target', 'merge_group'].includes(trigger)),
    isCalled: triggers.includes('workflow_call'),
    scanners,
    calls: local.filter((target) => pipelineHost(target) !== undefined),
    elsewhere: [...local.filter((target) => pipelineHost(target) === undefined), ...used.filter((target) => /^[^.].*\/\.github\/workflows\/[^/]+@/.test(target))],
  };
}

const ON_CHANGES = /merge_request_event|CI_MERGE_REQUEST_|external_pull_request_event/;

function gitlabPipeline(definition: RawObject): Omit<Pipeline, 'name'> {
  const jobs = Object.entries(definition).filter(([name, job]) => !name.startsWith('.') && isObject(job));
  const common = at(definition, 'workflow', 'rules');
  const judged = jobs.map(([name]) => {
    const job = extended(definition, name);
    const scanners = scannersIn([job.image ?? definition.image, job.before_script, job.script, job.after_script, job.trigger].flatMap(textsIn));
    return { scanners, onChanges: runsOnChanges(job, common) };
  });
  const includes = entriesOf(definition.include);
  const templates = scannersIn(includes.flatMap(textsIn));
  const onChanges = judged.filter((job) => job.onChanges);
  return {
    host: 'gitlab',
    onChanges: onChanges.length > 0 || templates.length > 0,
    isCalled: false,
    scanners: [...new Set([...templates, ...onChanges.flatMap(({ scanners }) => scanners)])],
    calls: [],
    elsewhere: includes.filter((include) => scannersIn(textsIn(include)).length === 0).map((include) => textsIn(include).join(' ')),
  };
}

/** Without rules a job runs on every push of a branch, and so before it is merged. */
function runsOnChanges(job: RawObject, common: unknown): boolean {
  const only = job.only === undefined ? undefined : isObject(job.only) ? namesOf(job.only.refs ?? 'branches') : namesOf(job.only);
  if (only !== undefined) return only.some((name) => ['merge_requests', 'branches', 'external_pull_requests'].includes(name));
  const rules = job.rules ?? common;
  if (rules === undefined) return true;
  return entriesOf(rules).some((rule) => textAt(rule, 'when') !== 'never' && (textAt(rule, 'if') === undefined || ON_CHANGES.test(textAt(rule, 'if') ?? '')));
}

/** Of jobs that one job takes over from; whoever writes the file must not keep the bot busy. */
const MAX_EXTENDED = 50;

/** A job with what it takes over from others. */
function extended(definition: RawObject, name: string, seen = new Set<string>()): RawObject {
  if (seen.has(name) || seen.size === MAX_EXTENDED) return {};
  seen.add(name);
  const job = objectAt(definition, name) ?? {};
  const parents = namesOf(job.extends).map((parent) => extended(definition, parent, seen));
  return Object.assign({}, ...parents, job) as RawObject;
}

/** A name, a list of names, or the keys of a map. */
function namesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string');
  return isObject(value) ? Object.keys(value) : [];
}

function entriesOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function objectsOf(value: unknown): readonly RawObject[] {
  return entriesOf(value).filter(isObject);
}

/** Every text within. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
