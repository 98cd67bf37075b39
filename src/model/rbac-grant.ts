import { compareSeverity, milder, type Severity } from './finding.ts';
import type { Holding } from './rbac-holdings.ts';
import { RBAC_RESOURCES, resourceIndex, type ResourceName } from './rbac-resources.ts';
import { has, held, type Right } from './rbac-rights.ts';
import type { Binding, RbacTable, SharedRule } from './rbac-table.ts';
import type { KubernetesVersion } from './version.ts';

/** A right that nobody should have without a reason. */
export interface RiskyRight extends Right {
  /** Names that a rule may be narrowed to and is as bad as without; a rule narrowed to other names has nothing of this right. */
  readonly names?: (name: string) => boolean;
  /** It is of use only together with one of these, which the subjects may have from another role; without, it is one severity milder. */
  readonly needs?: readonly RiskyRight[];
  /** In a role that nothing binds, it is a risk only together with what it needs. */
  readonly quietAlone?: true;
  /** From this minor version on, Kubernetes does not take it for enough unless told so: one severity milder. */
  readonly weakFromMinor?: number;
}

/** How a risk is judged; everything but `rights` only where it differs. */
export interface Risk {
  readonly rights: readonly RiskyRight[];
  /** Rights that do nothing and were surely written for one that does. */
  readonly misplaced?: readonly Right[];
  /** Not a risk of its own for whoever has one of these too. */
  readonly without?: readonly Right[];
  /** The only namespace in which it matters. */
  readonly namespace?: string;
  readonly severity: Severity;
  /** Within namespaces only. */
  readonly severityWithin?: Severity;
  /** With named objects only. */
  readonly severityNarrowed?: Severity;
}

/** How far a right reaches: everywhere, in the namespaces of some bindings, nowhere because nothing binds the role, or nowhere because it does nothing. */
export type Reach = 'everywhere' | 'within' | 'unbound' | 'idle';

/** Why a right does nothing: `pods/*` is no wildcard, the resource belongs to no namespace, or the verb means nothing there. */
export type Idleness = 'no-wildcard' | 'wrong-scope' | 'wrong-resource';

/** A risk that a holding is. */
export interface Grant {
  readonly severity: Severity;
  readonly reach: Reach;
  /** Where it reaches nothing. */
  readonly idleness?: Idleness;
  readonly resource: ResourceName;
  readonly namespaced: boolean;
  /** Index of the rule in its role. */
  readonly index: number;
  readonly rule: SharedRule['rule'];
  readonly narrowed: boolean;
  /** The bindings that count. */
  readonly bindings: readonly Binding[];
}

/** The worst that a holding is of a risk; undefined when it is none. */
export function grantOf(risk: Risk, holding: Holding, table: RbacTable, version: KubernetesVersion): Grant | undefined {
  const scene: Scene = { risk, holding, table, version };
  if (risk.without?.some((right) => has(holding.rights.full, right))) return undefined;
  const grants = [
    ...risk.rights.filter((right) => isTouched(holding, right)).flatMap((right) => [...grantsOfRight(scene, right)]),
    ...(risk.misplaced ?? []).filter((right) => isTouched(holding, right)).flatMap((right) => [...misplacedGrants(right, holding)]),
  ];
  return grants.reduce<Grant | undefined>((worst, grant) => (worst === undefined || compareSeverity(grant.severity, worst.severity) < 0 ? grant : worst), undefined);
}

/** What a right is judged by. */
interface Scene {
  readonly risk: Risk;
  readonly holding: Holding;
  readonly table: RbacTable;
  readonly version: KubernetesVersion;
}

function isTouched({ rights }: Holding, right: Right): boolean {
  return has(rights.full, right) || has(rights.narrowed, right) || has(rights.idle, right);
}

function* grantsOfRight(scene: Scene, right: RiskyRight): Generator<Grant> {
  for (const [index, { rule, rights }] of scene.holding.rules) {
    const isNamed = right.names !== undefined && rule.names.some(right.names);
    for (const resource of held(rights.idle, right)) yield idle('no-wildcard', { resource, index, rule });
    for (const resource of held(rights.full, right)) yield* reached(scene, right, { resource, index, rule, narrowed: false });
    if (right.names !== undefined && !isNamed) continue;
    for (const resource of held(rights.narrowed, right)) yield* reached(scene, right, { resource, index, rule, narrowed: !isNamed });
  }
}

function* misplacedGrants(right: Right, holding: Holding): Generator<Grant> {
  for (const [index, { rule, rights }] of holding.rules) {
    for (const resource of [...held(rights.full, right), ...held(rights.narrowed, right)]) {
      if (rule.resources.includes(resource)) yield idle('wrong-resource', { resource, index, rule });
    }
  }
}

type Found = Pick<Grant, 'resource' | 'index' | 'rule' | 'narrowed'>;

function* reached(scene: Scene, right: RiskyRight, found: Found): Generator<Grant> {
  const { risk, holding } = scene;
  const namespaced = isNamespaced(found.resource, right);
  const everywhere = holding.bindings.filter(({ namespace }) => namespace === undefined);
  const within = holding.bindings.filter(({ namespace }) => namespace !== undefined && (risk.namespace === undefined || namespace === risk.namespace));
  const base = { ...found, namespaced };
  if (!namespaced && everywhere.length === 0 && (holding.role.kind === 'Role' || holding.bindings.length > 0)) {
    if (found.rule.resources.includes(found.resource)) yield idle('wrong-scope', found);
  } else if (everywhere.length > 0) {
    yield { ...base, reach: 'everywhere', bindings: everywhere, severity: severityOf(scene, right, found, 'everywhere') };
  } else if (within.length > 0) {
    yield { ...base, reach: 'within', bindings: within, severity: severityOf(scene, right, found, 'within') };
  } else if (holding.bindings.length === 0 && mattersUnbound(risk, right, holding)) {
    yield { ...base, reach: 'unbound', bindings: [], severity: mildest(risk.severity, 'low') };
  }
}

/** Roles are bound within a namespace, ClusterRoles too: the right to bind them is asked for there. */
function isNamespaced(resource: ResourceName, right: Right): boolean {
  return right.verbs.includes('bind') || (RBAC_RESOURCES[resourceIndex(resource) ?? -1]?.namespaced ?? true);
}

/** A Role that could only be bound in a namespace where it does not matter is no risk. */
function mattersUnbound(risk: Risk, right: RiskyRight, holding: Holding): boolean {
  const { role, object } = holding;
  if (right.quietAlone && !right.needs?.some((need) => holds(holding, need))) return false;
  return risk.namespace === undefined || role.kind === 'ClusterRole' || object.ref.namespace === risk.namespace;
}

function severityOf({ risk, holding, table, version }: Scene, right: RiskyRight, { narrowed }: Found, reach: 'everywhere' | 'within'): Severity {
  const ofReach = reach === 'within' ? (risk.severityWithin ?? risk.severity) : risk.severity;
  const ofNames = narrowed ? mildest(risk.severityNarrowed ?? milder(ofReach), ofReach) : ofReach;
  const isWeak = right.weakFromMinor !== undefined && version.minor >= right.weakFromMinor;
  const isHalf = right.needs !== undefined && !isUsable(right.needs, holding, table);
  return isWeak || isHalf ? milder(ofNames) : ofNames;
}

/** Whether the role itself, or another role of one of its subjects, has what the right needs. */
function isUsable(needs: readonly RiskyRight[], holding: Holding, table: RbacTable): boolean {
  return needs.some(
    (need) => holds(holding, need) || holding.bindings.some(({ subjects, namespace }) => subjects.some((subject) => has(table.rightsOf(subject, namespace), need))),
  );
}

function holds({ rules }: Holding, right: RiskyRight): boolean {
  return rules.some(([, { rule, rights }]) => has(rights.full, right) || (has(rights.narrowed, right) && (right.names === undefined || rule.names.some(right.names))));
}

function idle(idleness: Idleness, { resource, index, rule }: Omit<Found, 'narrowed'>): Grant {
  return { severity: 'low', reach: 'idle', idleness, resource, namespaced: false, index, rule, narrowed: false, bindings: [] };
}

function mildest(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) > 0 ? a : b;
}
