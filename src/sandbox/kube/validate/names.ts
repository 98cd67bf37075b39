/** Checks of names. Each gives what is wrong, in the server's words; none means right. */
export type NameRule = (name: string) => readonly string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = String.raw`[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const ENV_NAME = '[ -<>-~]+';

function rule(regex: string, limit: number, words: string, examples: readonly string[]): NameRule {
  const pattern = new RegExp(`^(?:${regex})$`);
  const listed = examples.map((example) => `'${example}'`).join(',  or ');
  return (name) => [
    ...(name.length > limit ? [`must be no more than ${limit} bytes`] : []),
    ...(pattern.test(name) ? [] : [`${words} (e.g. ${listed}, regex used for validation is '${regex}')`]),
  ];
}

const strictLabel = rule(
  LABEL,
  63,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  ['my-name', '123-abc'],
);

export function dnsLabel(name: string): readonly string[] {
  const isSubdomain = name.includes('.') && dnsSubdomain(name).length === 0;
  return isSubdomain ? ['must not contain dots'] : strictLabel(name);
}

export const dnsSubdomain = rule(
  SUBDOMAIN,
  253,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  ['example.com'],
);

export const labelValue = rule(
  LABEL_VALUE,
  63,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  ['MyValue', 'my_value', '12345'],
);

export const configKey = rule(CONFIG_KEY, 253, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", ['key.name', 'KEY_NAME', 'key-name']);

export function envName(name: string): readonly string[] {
  return new RegExp(`^${ENV_NAME}$`).test(name)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '=' (e.g. 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1')"];
}

const namePart = rule(
  QUALIFIED,
  63,
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  ['MyName', 'my.name', '123-abc'],
);

/** Keys of labels and annotations: a name with an optional domain before it. */
export function qualifiedName(key: string, what = 'a valid label key'): readonly string[] {
  const parts = key.split('/');
  const problems: string[] = [];
  if (parts.length > 2) {
    return [
      `${what} must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name] = parts.length === 2 ? [parts[0], parts[1] ?? ''] : [undefined, parts[0] ?? ''];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined) problems.push(...dnsSubdomain(prefix).map((problem) => `prefix part ${problem}`));
  if (name === '') problems.push('name part must be non-empty');
  return [...problems, ...namePart(name).map((problem) => `name part ${problem}`)];
}

/** Names that only have to fit into a path, such as those of roles. */
export function pathSegment(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((letter) => name.includes(letter)).map((letter) => `may not contain '${letter}'`);
}

const NAME_RULES: Readonly<Record<string, NameRule>> = {
  namespaces: dnsLabel,
  'poddisruptionbudgets.policy': pathSegment,
  services: dnsLabel,
  'statefulsets.apps': dnsLabel,
  'apiservices.apiregistration.k8s.io': pathSegment,
  'roles.rbac.authorization.k8s.io': pathSegment,
  'rolebindings.rbac.authorization.k8s.io': pathSegment,
  'clusterroles.rbac.authorization.k8s.io': pathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegment,
};

export function nameRuleOf(store: string): NameRule {
  return NAME_RULES[store] ?? dnsSubdomain;
}
