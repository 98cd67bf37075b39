import type { Problem } from '#src/model/check.ts';
import { cis, mitre } from '#src/model/references.ts';
import { isObject, UNRESOLVED, type Step } from '#src/model/raw.ts';
import { secretIn, secretShape } from '#src/model/secret-words.ts';
import { defineTerraformCheck, type TerraformResource } from '#src/model/terraform.ts';

/** Levels of blocks that are looked into. */
const MAX_LEVELS = 20;
const NAMED = 5;
/** Arguments that are called like a credential and hold a setting, or the name of a secret that is kept elsewhere. */
const SETTINGS = new Set(['http_tokens', 'secret_id', 'secrets', 'token_types']);

interface Exposed {
  readonly path: readonly Step[];
  readonly name: string;
  readonly what: string;
}

/** Reports each resource, provider and variable with a credential written into it, by the names of the arguments. The values are never printed. */
export const check = defineTerraformCheck({
  id: 'iac/secret-in-code',
  title: 'Terraform code holds no credentials',
  severity: 'high',
  tips: [4],
  why: 'Whoever may read the repository, its history, a plan or the state has the credential, and it stays there after the line is gone.',
  fix: 'Take the value from a secret store or a variable without default, and rotate it: it has been seen.',
  sources: [cis('5.4.1'), mitre('T1552.001')],
  rules: [
    {
      types: ['*'],
      source: { title: 'Terraform documentation: sensitive data', url: 'https://developer.hashicorp.com/terraform/language/manage-sensitive-data' },
      *judge(resource) {
        const exposed = [...exposuresIn(resource)];
        const [first] = exposed;
        if (first !== undefined) yield problemOf(first, exposed);
      },
    },
  ],
});

function problemOf({ path }: Exposed, exposed: readonly Exposed[]): Problem {
  const names = [...new Set(exposed.map(({ name, what }) => `${name} (${what})`))];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return { path, message: `Credentials are written into the code: ${names.slice(0, NAMED).join(', ')}${more}` };
}

/** The default of a variable is judged by the name of the variable. */
function exposuresIn({ type, name, values }: TerraformResource): Iterable<Exposed> {
  return type === 'variable' ? textsBelow(name, values.default, ['default']) : textsBelow(name, values, []);
}

/** What is only known later is not written in the code, so that it hides nothing here. */
function* textsBelow(name: string, value: unknown, path: readonly Step[]): Generator<Exposed> {
  if (value === UNRESOLVED || path.length > MAX_LEVELS) return;
  if (typeof value === 'string') {
    const what = SETTINGS.has(name) ? secretShape(value) : secretIn(name, value);
    if (what !== undefined) yield { path, name, what };
  } else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* textsBelow(name, entry, [...path, index]);
  } else if (isObject(value)) {
    for (const [key, entry] of Object.entries(value)) yield* textsBelow(key, entry, [...path, key]);
  }
}
