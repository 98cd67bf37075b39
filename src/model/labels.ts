/** Labels that pods must bear, all of them. */
export type Labels = Readonly<Record<string, string>>;

/** The labels that the pods of a workload bear. */
export type BorneLabels = ReadonlyMap<string, string>;

const NAME = /^[A-Za-z\d](?:[\w.-]{0,61}[A-Za-z\d])?$/;
const PREFIX = /^[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)*$/;
/** People read them in one line. */
const MOST = 8;

/** The name of a label, or a value that is not empty: at most 63 letters, digits, dots, dashes and underscores, with a letter or digit at either end. */
export function isLabelName(text: string): boolean {
  return NAME.test(text);
}

/** What is wrong with labels that an entry is for; undefined where nothing is. */
export function labelsProblem(labels: Labels): string | undefined {
  const all = Object.entries(labels);
  if (all.length === 0) return 'has no label; leave it out for pods with any';
  if (all.length > MOST) return `has ${all.length} labels, and ${MOST} is the most`;
  const [wrong] = all.find(([key, value]) => !isLabelKey(key) || (value !== '' && !isLabelName(value))) ?? [];
  return wrong === undefined ? undefined : `has ${JSON.stringify(wrong)} with a key or a value that no label of Kubernetes has`;
}

/** As kubectl writes equality: `app=web,tier=front`. Undefined for what is something else, or names a label twice. */
export function parseLabels(text: string): Labels | undefined {
  const pairs = text.split(',').map((part) => /^\s*([^\s=!]+)\s*==?\s*([^\s=]*)\s*$/.exec(part));
  const labels = Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
  return pairs.includes(null) || Object.keys(labels).length < pairs.length ? undefined : labels;
}

/** The same text for the same labels: `app=web,tier=front`. */
export function labelsText(labels: Labels): string {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).toSorted().join(',');
}

export function bears(borne: BorneLabels, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => borne.get(key) === value);
}

function isLabelKey(key: string): boolean {
  const [name = '', prefix, ...rest] = key.split('/').toReversed();
  return isLabelName(name) && rest.length === 0 && (prefix === undefined || (prefix.length <= 253 && PREFIX.test(prefix)));
}
