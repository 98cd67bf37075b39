import { objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';

/** What keeps an object as it is written elsewhere, so that a change in the cluster would not last. */
export interface Manager {
  /** `Helm`, `Argo CD`, `Flux`, or the kind of an owning object. */
  readonly tool: string;
  /** Its release, application or owner, where the object names it. */
  readonly name?: string;
}

const HELM_LABEL = 'app.kubernetes.io/managed-by';
const HELM_RELEASE = 'meta.helm.sh/release-name';
const ARGO_LABEL = 'argocd.argoproj.io/instance';
const ARGO_TRACKING = 'argocd.argoproj.io/tracking-id';
/** Names under which tools write the fields that they keep. */
const FIELD_MANAGERS: ReadonlyMap<string, string> = new Map([['argocd-controller', 'Argo CD'], ['argocd-application-controller', 'Argo CD'], ['kustomize-controller', 'Flux'], ['helm-controller', 'Flux'], ['helm', 'Helm'], ['Helm', 'Helm']]);
const FLUX_LABELS = ['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'] as const;

/** Who would take a change of the object back, or overwrite it with the next release; undefined for an object of nobody's. */
export function managerOf(object: RawObject): Manager | undefined {
  const labels = textMapAt(object, 'metadata', 'labels');
  const annotations = textMapAt(object, 'metadata', 'annotations');
  for (const label of FLUX_LABELS) if (labels.has(label)) return named('Flux', labels.get(label));
  // A tracking id begins with the application: `shop:rbac.authorization.k8s.io/RoleBinding:shop/ops`.
  const application = labels.get(ARGO_LABEL) ?? annotations.get(ARGO_TRACKING)?.split(':')[0];
  if (application !== undefined) return named('Argo CD', application);
  if (annotations.has(HELM_RELEASE) || labels.get(HELM_LABEL) === 'Helm') return named('Helm', annotations.get(HELM_RELEASE));
  const [owner] = objectsAt(object, 'metadata', 'ownerReferences');
  if (owner !== undefined) return named(textAt(owner[1], 'kind') ?? 'another object', textAt(owner[1], 'name'));
  const tool = objectsAt(object, 'metadata', 'managedFields').map(([, entry]) => FIELD_MANAGERS.get(textAt(entry, 'manager') ?? '')).find((name) => name !== undefined);
  return tool === undefined ? undefined : { tool };
}

/** `Argo CD (shop)`. */
export function describeManager({ tool, name }: Manager): string {
  return name === undefined ? tool : `${tool} (${name})`;
}

function named(tool: string, name: string | undefined): Manager {
  return { tool, ...(name && { name }) };
}
