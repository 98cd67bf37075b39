import { objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import type { Causes } from './causes.ts';
import { dnsLabel, dnsSubdomain, envName } from './names.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'];
const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
const CONTAINER_LISTS = ['containers', 'initContainers'] as const;

/** What the server asks of a pod's spec; `field` is where it stands. Mounts may also be of the other volumes. */
export function validatePodSpec(spec: RawObject, field: string, causes: Causes, otherVolumes: readonly string[] = []): void {
  const volumes = new Set([...validateVolumes(spec, field, causes), ...otherVolumes]);
  const names = new Set<string>();
  if (objectsAt(spec, 'containers').length === 0) causes.required(`${field}.containers`);
  for (const list of CONTAINER_LISTS) {
    for (const [index, container] of objectsAt(spec, list)) validateContainer(container, `${field}.${list}[${index}]`, spec, names, volumes, causes);
  }
  oneOf(spec, 'restartPolicy', RESTART_POLICIES, field, causes);
  oneOf(spec, 'dnsPolicy', DNS_POLICIES, field, causes);
  const serviceAccount = textAt(spec, 'serviceAccountName');
  if (serviceAccount !== undefined) for (const problem of dnsSubdomain(serviceAccount)) causes.invalid(`${field}.serviceAccountName`, serviceAccount, problem);
}

function oneOf(parent: RawObject, name: string, supported: readonly string[], field: string, causes: Causes): void {
  const value = textAt(parent, name) ?? '';
  if (value === '') causes.required(`${field}.${name}`);
  else if (!supported.includes(value)) causes.unsupported(`${field}.${name}`, value, supported);
}

function validateVolumes(spec: RawObject, field: string, causes: Causes): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, volume] of objectsAt(spec, 'volumes')) {
    const place = `${field}.volumes[${index}]`;
    const name = textAt(volume, 'name') ?? '';
    const given = Object.keys(volume).filter((key) => key !== 'name');
    const sources = [...given.filter((key) => key === 'emptyDir'), ...given.filter((key) => key !== 'emptyDir')];
    for (const source of sources.slice(1)) causes.forbidden(`${place}.${source}`, 'may not specify more than 1 volume type');
    if (name === '') causes.required(`${place}.name`);
    else for (const problem of dnsLabel(name)) causes.invalid(`${place}.name`, name, problem);
    if (names.has(name)) causes.duplicate(`${place}.name`, name);
    if (name !== '') names.add(name);
    if (objectAt(volume, 'hostPath') !== undefined && textAt(volume, 'hostPath', 'path') === '') causes.required(`${place}.hostPath.path`);
  }
  return names;
}

function validateContainer(container: RawObject, field: string, spec: RawObject, names: Set<string>, volumes: ReadonlySet<string>, causes: Causes): void {
  const name = textAt(container, 'name') ?? '';
  if (name === '') causes.required(`${field}.name`);
  else for (const problem of dnsLabel(name)) causes.invalid(`${field}.name`, name, problem);
  if ((textAt(container, 'image') ?? '') === '') causes.required(`${field}.image`);
  oneOf(container, 'imagePullPolicy', PULL_POLICIES, field, causes);
  validatePorts(container, field, causes);
  for (const [index, variable] of objectsAt(container, 'env')) {
    const variableName = textAt(variable, 'name') ?? '';
    if (variableName === '') causes.required(`${field}.env[${index}].name`);
    else for (const problem of envName(variableName)) causes.invalid(`${field}.env[${index}].name`, variableName, problem);
    for (const source of ['configMapKeyRef', 'secretKeyRef']) {
      const sourceName = textAt(variable, 'valueFrom', source, 'name') ?? '';
      if (sourceName !== '') for (const problem of dnsSubdomain(sourceName)) causes.invalid(`${field}.env[${index}].valueFrom.${source}.name`, sourceName, problem);
    }
  }
  for (const [index, mount] of objectsAt(container, 'volumeMounts')) {
    const volume = textAt(mount, 'name') ?? '';
    if (volume === '') causes.required(`${field}.volumeMounts[${index}].name`);
    else if (!volumes.has(volume)) causes.notFound(`${field}.volumeMounts[${index}].name`, volume);
    if ((textAt(mount, 'mountPath') ?? '') === '') causes.required(`${field}.volumeMounts[${index}].mountPath`);
  }
  validateSecurity(objectAt(container, 'securityContext'), `${field}.securityContext`, causes);
  if (textAt(container, 'securityContext', 'procMount') === 'Unmasked' && spec.hostUsers !== false) {
    causes.invalid(`${field}.securityContext.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`');
  }
  if (names.has(name)) causes.duplicate(`${field}.name`, name);
  names.add(name);
}

function validatePorts(container: RawObject, field: string, causes: Causes): void {
  for (const [index, port] of objectsAt(container, 'ports')) {
    const place = `${field}.ports[${index}]`;
    if (port.containerPort === 0) causes.required(`${place}.containerPort`);
    else if (!isPort(port.containerPort)) causes.invalid(`${place}.containerPort`, port.containerPort, 'must be between 1 and 65535, inclusive');
    oneOf(port, 'protocol', PROTOCOLS, place, causes);
  }
}

export function isPort(value: unknown): boolean {
  return typeof value === 'number' && value >= 1 && value <= 65_535;
}

function validateSecurity(context: RawObject | undefined, field: string, causes: Causes): void {
  if (context?.allowPrivilegeEscalation !== false) return;
  if (context.privileged === true) causes.invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true');
  if (textsAt(context, 'capabilities', 'add').some((name) => name === 'CAP_SYS_ADMIN')) {
    causes.invalid(field, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN');
  }
}
