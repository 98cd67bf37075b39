import { parseEmbeddedYaml } from './embedded-yaml.ts';
import type { ObjectRef } from './finding.ts';
import { isObject, listAt, textAt, textsAt, type RawObject } from './raw.ts';

/** Where EKS keeps its map of cloud users in the ConfigMap. */
export const MAP_USERS = 'mapUsers';

/** One entry of `mapUsers` in EKS's ConfigMap `aws-auth`: a user of the cloud who signs in as a user of the cluster. */
export interface CloudUser {
  /** In the list. */
  readonly index: number;
  readonly arn: string;
  /** The user that the cluster sees. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly entry: RawObject;
}

/** Groups of nodes: whoever takes such an entry away takes nodes out of the cluster. */
const NODE_GROUPS: ReadonlySet<string> = new Set(['system:nodes', 'system:bootstrappers', 'system:node-proxier']);

/** The entries of a `mapUsers` text; undefined when it is no YAML. */
export function readCloudUsers(text: string): readonly CloudUser[] | undefined {
  const parsed = parseEmbeddedYaml(text);
  if (parsed === undefined) return undefined;
  return listAt(parsed.value).flatMap((entry, index): readonly CloudUser[] => {
    if (!isObject(entry)) return [];
    const arn = textAt(entry, 'userarn') ?? '';
    return [{ index, arn, user: textAt(entry, 'username') ?? arn, groups: textsAt(entry, 'groups'), entry }];
  });
}

export function isNodeEntry({ groups, user }: CloudUser): boolean {
  return user.startsWith('system:node:') || groups.some((group) => NODE_GROUPS.has(group));
}

/** Whether an object is the ConfigMap with EKS's map of cloud users. */
export function isCloudMap({ name, namespace }: ObjectRef): boolean {
  return name === 'aws-auth' && namespace === 'kube-system';
}
