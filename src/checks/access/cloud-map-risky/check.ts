import { defineObjectCheck } from '#src/model/check.ts';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { listAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';

/** Fields of the map, with what names the cloud's side of an entry. */
const MAPS = [
  ['mapRoles', 'rolearn'],
  ['mapUsers', 'userarn'],
] as const;

/** Reports a map of cloud users to users of the cluster that makes administrators whom no binding shows, or lets a whole account in. */
export const check = defineObjectCheck({
  id: 'access/cloud-map-risky',
  title: 'The map of cloud users makes nobody administrator',
  severity: 'high',
  tips: [2],
  why: 'Members of system:masters have all rights whatever the bindings say, and a mapped account lets in everybody that it will ever have.',
  fix: 'Map roles to a group of your own and bind that, and map roles one by one instead of accounts.',
  sources: [
    {
      title: 'Amazon EKS Best Practices Guide: Identity and Access Management',
      url: 'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
    },
  ],
  kinds: ['ConfigMap'],
  *judge(object) {
    if (textAt(object, 'metadata', 'name') !== 'aws-auth' || textAt(object, 'metadata', 'namespace') !== 'kube-system') return;
    const risks = [...MAPS.flatMap(([field, arn]) => mastersOf(object, field, arn)), ...accountsOf(object)];
    const [first] = risks.filter((risk) => 'what' in risk);
    if (risks.some((risk) => 'unreadable' in risk)) yield { undecided: 'it is not YAML' };
    if (first === undefined) return;
    const others = risks.filter((risk) => 'what' in risk).length - 1;
    yield { path: ['data', first.field], message: others === 0 ? first.what : `${first.what}, and ${others} more like it` };
  },
});

type Risk = { readonly field: string; readonly what: string } | { readonly unreadable: string };

function mastersOf(object: RawObject, field: string, arn: string): readonly Risk[] {
  const map = mapAt(object, field);
  if (map === undefined) return [{ unreadable: field }];
  return objectsAt(map.value)
    .filter(([, entry]) => textsAt(entry, 'groups').includes('system:masters'))
    .map(([, entry]) => ({ field, what: `Makes ${textAt(entry, arn) ?? 'an entry without a name'} cluster administrator` }));
}

function accountsOf(object: RawObject): readonly Risk[] {
  const map = mapAt(object, 'mapAccounts');
  if (map === undefined) return [{ unreadable: 'mapAccounts' }];
  return listAt(map.value).map((account) => ({ field: 'mapAccounts', what: `Lets everybody of the account ${String(account)} sign in` }));
}

function mapAt(object: RawObject, field: string): { readonly value: unknown } | undefined {
  const text = textAt(object, 'data', field);
  return text === undefined ? { value: [] } : parseEmbeddedYaml(text);
}
