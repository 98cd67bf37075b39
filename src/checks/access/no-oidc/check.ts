import { components } from '#src/facts/components.ts';
import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { cis, kubernetes, nsa } from '#src/model/references.ts';

const SIGN_IN_FLAGS = ['oidc-issuer-url', 'authentication-config'] as const;

/** Reports each API server that people use and that asks no identity provider who they are. */
export const check = defineClusterCheck({
  id: 'access/no-oidc',
  title: 'People sign in through an identity provider',
  severity: 'info',
  tips: [2],
  why: 'Certificates and static tokens of people cannot be taken away on the day somebody leaves.',
  fix: 'Connect the API server to the identity provider with --authentication-config or the --oidc flags.',
  sources: [
    cis('3.1.1'),
    cis('3.1.2'),
    nsa('Authentication and authorization: Authentication'),
    kubernetes('Authenticating: OpenID Connect Tokens', 'reference/access-authn-authz/authentication/#openid-connect-tokens'),
  ],
  needs: { components, rbac },
  *judge({ components, rbac }) {
    const servers = components.filter(({ name }) => name === 'kube-apiserver');
    if (servers.length === 0) yield { notEvaluated: 'no pod of an API server was read' };
    const people = rbac.bindings.flatMap(({ added }) => added).filter(({ kind, name }) => kind === 'User' && !name.startsWith('system:'));
    if (people.length === 0) return;
    for (const { subject, container, path, flags } of servers) {
      if (SIGN_IN_FLAGS.some((flag) => flags.has(flag))) continue;
      yield { subject, container, path, message: `It knows no identity provider, and bindings name people: ${describeSubjects(people)}` };
    }
  },
});
