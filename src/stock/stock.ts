import type { Kind } from '#src/model/kinds.ts';
import { textAt, Unresolved, type RawObject } from '#src/model/raw.ts';
import { isWorkloadKind } from '#src/model/workload.ts';
import { COMPONENT_CONFIG_MAPS, COMPONENT_SERVICES, INSTALLER_ACCOUNTS } from './installers.ts';
import { isStockBinding, isStockRole } from './rbac.ts';
import { SHIPPED_BINDINGS } from './shipped-rbac.ts';
import { isStockWorkload } from './workloads.ts';

const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
/** Certificates that controllers copy into every namespace. */
const COPIED_CONFIG_MAPS: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);
/** Says which controller makes an EndpointSlice from a Service. */
const SLICE_MANAGER = 'endpointslice.kubernetes.io/managed-by';

const accounts: ReadonlySet<string> = new Set([
  ...INSTALLER_ACCOUNTS,
  ...Object.values(SHIPPED_BINDINGS).flatMap(({ subjects }) =>
    subjects.filter((subject) => subject.startsWith('ServiceAccount/')).map((subject) => subject.slice('ServiceAccount/'.length)),
  ),
]);

/**
 * Whether an object is as Kubernetes, an installer or the provider shipped it, so that nobody in the team wrote it and nobody can fix it.
 *
 * The version of the cluster does not matter: what older versions shipped stays in a cluster that is upgraded. An object that
 * somebody changed to give more rights than shipped, or added to a namespace of the system, is not stock; nor is one in a file
 * whose values are only known when it is applied.
 */
export function isStock(kind: Kind, object: RawObject): boolean {
  try {
    return isAsShipped(kind, object);
  } catch (error) {
    if (error instanceof Unresolved) return false;
    throw error;
  }
}

function isAsShipped(kind: Kind, object: RawObject): boolean {
  const name = textAt(object, 'metadata', 'name') ?? '';
  const namespace = textAt(object, 'metadata', 'namespace') ?? '';
  const place = `${namespace}/${name}`;
  switch (kind) {
    case 'Role':
    case 'ClusterRole':
      return isStockRole(kind, object);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return isStockBinding(kind, object);
    case 'ServiceAccount':
      return accounts.has(place) || (name === 'default' && SYSTEM_NAMESPACES.has(namespace));
    case 'ConfigMap':
      return COPIED_CONFIG_MAPS.has(name) || COMPONENT_CONFIG_MAPS.has(place);
    case 'EndpointSlice':
      return place === 'default/kubernetes' || textAt(object, 'metadata', 'labels', SLICE_MANAGER) !== undefined;
    case 'Service':
      return COMPONENT_SERVICES.has(place);
    default:
      return isWorkloadKind(kind) && isStockWorkload(kind, object);
  }
}
