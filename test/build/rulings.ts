import type { AccessAsked, Ruling } from '#src/model/rulings.ts';

export const ALL_OF_BOB: AccessAsked = {
  person: 'okta/bob',
  called: 'Bob Brown (bob@corp.example)',
  state: 'departed',
  users: ['oidc:bob@corp.example', 'bob'],
  paths: [{ key: 'prod/ClusterRoleBinding//ops#User/bob', rank: 4 }],
};

/** Bob's access in prod is kept for a month; what it is `about` otherwise is given in part. */
export function aRuling({ about = {}, ...more }: Partial<Omit<Ruling, 'about'>> & { readonly about?: Partial<AccessAsked> } = {}): Ruling {
  return { request: 'r7k2m9', about: { ...ALL_OF_BOB, ...about }, clusters: ['prod'], says: { type: 'keep', until: '2026-12-23' }, by: 'Bo', at: '2026-11-22T08:00:00.000Z', reason: 'on parental leave', ...more };
}

export const NOT_BOBS: Ruling['says'] = { type: 'not-theirs', users: ['oidc:bob@corp.example'] };
