import type { AccessQuestion, Proof } from '#src/model/plan.ts';

/** How the RBAC authorizer says by what it allows, and to whom the binding gives it. */
const BY_RBAC = /^RBAC: allowed by ((?:Cluster)?RoleBinding "[^"]+")(?: of \w+ "[^"]*" to (\w+) "([^"]+)")?/;

/** Says what became of proofs. Whose rights, and in which cluster, is said where it is not the same for all. */
export interface ProofWords {
  readonly failure: (proof: Proof, reason: string) => string;
  readonly unknown: (proof: Proof, reason: string) => string;
}

export function proofWords(proofs: readonly Proof[]): ProofWords {
  const isSame = (field: 'user' | 'cluster'): boolean => new Set(proofs.map(({ question }) => question[field])).size <= 1;
  const [oneUser, oneCluster] = [isSame('user'), isSame('cluster')];
  const who = ({ user }: AccessQuestion): string => (oneUser ? '' : `${user} `);
  const where = ({ cluster }: AccessQuestion): string => (oneCluster ? '' : ` of cluster ${cluster}`);
  return {
    failure({ question, expect }, reason) {
      const what = `${deed(question)}${where(question)}`;
      return expect === 'denied' ? `${who(question)}may still ${what}${allowedBy(reason)}` : `${who(question)}may not ${what} yet`;
    },
    unknown: ({ question }, reason) => `could not ask whether ${oneUser ? 'it is still possible to' : `${question.user} may`} ${deed(question)}${where(question)}: ${reason}`,
  };
}

function deed({ verb, resource, subresource, namespace, name }: AccessQuestion): string {
  const things = resource === '*' ? 'everything' : `${resource}${subresource === undefined ? '' : `/${subresource}`}`;
  const what = name === undefined ? things : `${things} ${JSON.stringify(name)}`;
  const doing = verb === '*' ? `do anything with ${what}` : `${verb} ${what}`;
  return `${doing} in ${namespace ?? 'the whole cluster'}`;
}

/** By what, and who can end it. */
function allowedBy(reason: string): string {
  const [, binding, kind, name] = BY_RBAC.exec(reason) ?? [];
  if (kind === 'Group') return `, by ${binding ?? ''} of the group ${name ?? ''}: whoever keeps the group can take them out of it`;
  if (binding !== undefined) return `, by ${binding}: whoever may change that binding can end it`;
  return reason === '' ? ': the cluster does not say by what' : ` (${reason}): whoever runs what allows that besides RBAC can end it`;
}
