import type { AccessQuestion, Proof } from '#src/model/plan.ts';

/** How the RBAC authorizer says by what it allows. */
const BY_RBAC = /^RBAC: allowed by ((?:Cluster)?RoleBinding "[^"]+")/;

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

function allowedBy(reason: string): string {
  const [, binding] = BY_RBAC.exec(reason) ?? [];
  if (binding !== undefined) return `, by ${binding}`;
  return reason === '' ? '' : ` (${reason})`;
}
