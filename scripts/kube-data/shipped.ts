type Read = (path: string) => Promise<unknown>;
type Object = Readonly<Record<string, unknown>> & { readonly metadata: Readonly<Record<string, unknown>> };

const SERVER_FIELDS = ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'generation', 'selfLink'];
const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const FLOW = '/apis/flowcontrol.apiserver.k8s.io/v1';

/** The objects an API server makes for itself at its first start, without what a server fills in. */
export async function shippedObjects(read: Read): Promise<readonly unknown[]> {
  const items = async (path: string, isShipped: (object: Object) => boolean): Promise<readonly unknown[]> => {
    const list = (await read(path)) as { readonly kind: string; readonly apiVersion: string; readonly items: readonly Object[] };
    const kind = list.kind.replace(/List$/, '');
    return list.items.filter(isShipped).map((object) => stripped({ apiVersion: list.apiVersion, kind, ...object }));
  };
  const bootstrapped = ({ metadata }: Object): boolean => (metadata.labels as Record<string, string> | undefined)?.['kubernetes.io/bootstrapping'] === 'rbac-defaults';
  const named = (...names: readonly string[]) => ({ metadata }: Object): boolean => names.includes(String(metadata.name));
  return [
    ...(await items('/api/v1/namespaces', named(...SYSTEM_NAMESPACES))),
    ...(await items(`${RBAC}/clusterroles`, bootstrapped)),
    ...(await items(`${RBAC}/clusterrolebindings`, bootstrapped)),
    ...(await items(`${RBAC}/roles`, bootstrapped)),
    ...(await items(`${RBAC}/rolebindings`, bootstrapped)),
    ...(await items('/apis/scheduling.k8s.io/v1/priorityclasses', ({ metadata }) => String(metadata.name).startsWith('system-'))),
    ...(await items(`${FLOW}/flowschemas`, () => true)),
    ...(await items(`${FLOW}/prioritylevelconfigurations`, () => true)),
    ...(await items('/apis/apiregistration.k8s.io/v1/apiservices', () => true)),
    ...(await items('/api/v1/namespaces/default/services', named('kubernetes'))),
    ...(await items('/apis/networking.k8s.io/v1/servicecidrs', named('kubernetes'))),
  ];
}

function stripped(object: Object): unknown {
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([field]) => !SERVER_FIELDS.includes(field)));
  return { ...object, metadata };
}
