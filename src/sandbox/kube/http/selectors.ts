import { at, integerAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { Resource } from '../catalog.ts';
import type { KubeObject } from '../object.ts';
import { badRequest } from '../status.ts';

export type Selects = (object: KubeObject) => boolean;

type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const EXPRESSIONS: readonly (readonly [RegExp, (match: RegExpExecArray) => Requirement])[] = [
  [/^!\s*([^\s,!=<>()]+)$/, ([, key = '']) => (labels) => labels[key] === undefined],
  [/^([^\s,!=<>()]+)\s+in\s+\(([^)]*)\)$/, ([, key = '', values = '']) => (labels) => split(values).includes(labels[key] ?? '\0')],
  [/^([^\s,!=<>()]+)\s+notin\s+\(([^)]*)\)$/, ([, key = '', values = '']) => (labels) => !split(values).includes(labels[key] ?? '\0')],
  [/^([^\s,!=<>()]+)\s*!=\s*([^\s,!=<>()]*)$/, ([, key = '', value = '']) => (labels) => labels[key] !== value],
  [/^([^\s,!=<>()]+)\s*==?\s*([^\s,!=<>()]*)$/, ([, key = '', value = '']) => (labels) => labels[key] === value],
  [/^([^\s,!=<>()]+)\s*>\s*(-?\d+)$/, ([, key = '', value = '']) => (labels) => Number(labels[key] ?? Number.NaN) > Number(value)],
  [/^([^\s,!=<>()]+)\s*<\s*(-?\d+)$/, ([, key = '', value = '']) => (labels) => Number(labels[key] ?? Number.NaN) < Number(value)],
  [/^([^\s,!=<>()]+)$/, ([, key = '']) => (labels) => labels[key] !== undefined],
];

/** @throws Failure with status 400 for a selector that cannot be read. */
export function labelSelector(text: string): Selects {
  if (text.trim() === '') return () => true;
  const requirements = clauses(text).map((clause) => {
    for (const [pattern, build] of EXPRESSIONS) {
      const match = pattern.exec(clause);
      if (match !== null) return build(match);
    }
    throw badRequest(clause === '' ? "found ',', expected: identifier after ','" : `unable to parse requirement: found '${clause}', expected: in, notin, =, ==, !=, gt, lt`);
  });
  return ({ metadata }) => requirements.every((holds) => holds(metadata.labels ?? {}));
}

/** Splits at commas that are not within parentheses. */
function clauses(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/).map((clause) => clause.trim());
}

function split(values: string): readonly string[] {
  return values.split(',').map((value) => value.trim());
}

const FIELDS_BY_STORE: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork',
    'status.phase', 'status.podIP', 'status.podIPs', 'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid', 'involvedObject.apiVersion',
    'involvedObject.resourceVersion', 'involvedObject.fieldPath', 'reason', 'reportingComponent', 'source', 'type',
  ],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
};
const SPECIAL: Readonly<Record<string, (object: RawObject) => string>> = {
  source: (event) => textAt(event, 'source', 'component') ?? textAt(event, 'reportingComponent') ?? '',
  'status.successful': (job) => String(integerAt(job, 'status', 'succeeded') ?? 0),
  'status.podIPs': (pod) => textAt(pod, 'status', 'podIP') ?? '',
};
const FALSE_WHEN_ABSENT = ['spec.hostNetwork', 'spec.unschedulable'];
const OWN_WORDS = ['pods', 'events', 'namespaces', 'nodes', 'secrets', 'services', 'replicationcontrollers', 'replicasets.apps', 'jobs.batch'];

/** @throws Failure with status 400 for a field that the resource cannot be selected by. */
export function fieldSelector(text: string, resource: Resource): Selects {
  const terms = text.split(',').filter((term) => term.trim() !== '');
  const requirements = terms.map((term) => {
    const match = /^([^=!]+)(==|!=|=)(.*)$/.exec(term);
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = '', operator = '', value = ''] = match;
    checkField(field, resource);
    return (object: KubeObject) => (readField(object, field) === value) === (operator !== '!=');
  });
  return (object) => requirements.every((holds) => holds(object));
}

function checkField(field: string, { store }: Resource): void {
  if (field === 'metadata.name' || field === 'metadata.namespace' || FIELDS_BY_STORE[store]?.includes(field) === true) return;
  throw badRequest(
    OWN_WORDS.includes(store) ? `field label not supported: ${field}` : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function readField(object: KubeObject, field: string): string {
  const special = SPECIAL[field];
  if (special !== undefined) return special(object);
  const value = at(object, ...field.split('.'));
  if (value === undefined) return FALSE_WHEN_ABSENT.includes(field) ? 'false' : '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
