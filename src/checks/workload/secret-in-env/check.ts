import { defineContainerCheck } from '#src/model/check.ts';
import { knownObjectsAt, knownOf, textAt, unknownLast, type RawObject } from '#src/model/raw.ts';
import { cis, mitre, nsa } from '#src/model/references.ts';
import { secretIn } from '#src/model/secret-words.ts';

/** Reports each container with a credential written into its environment, by the names of the variables. The values are never printed. */
export const check = defineContainerCheck({
  id: 'workload/secret-in-env',
  title: 'Manifests hold no credentials',
  severity: 'high',
  tips: [5],
  why: 'Whoever may read the workload, its repository or a log of the deployment has the credential, and it cannot be rotated without a rollout.',
  fix: 'Move the value into a Secret or an external store, mount it as a file, and rotate it: it has been seen.',
  sources: [cis('5.4.1'), nsa('Network separation and hardening: Secrets'), mitre('T1552.007')],
  *judge({ name, raw }) {
    const exposed = knownOf(unknownLast(knownObjectsAt(raw, 'env'), ([index, variable]) => exposure(index, variable)));
    const [first] = exposed;
    if (first === undefined) return;
    const variables = exposed.map(({ variable, what }) => `${variable} (${what})`).join(', ');
    yield { path: ['env', first.index, 'value'], message: `Container ${name} has credentials written into its environment: ${variables}` };
  },
});

function exposure(index: number, variable: RawObject): readonly { readonly index: number; readonly variable: string; readonly what: string }[] {
  const name = textAt(variable, 'name') ?? '';
  const what = secretIn(name, textAt(variable, 'value') ?? '');
  return what === undefined ? [] : [{ index, variable: name, what }];
}
