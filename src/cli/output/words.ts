const NUMBERS = new Intl.NumberFormat('en-GB');

export function number(count: number): string {
  return NUMBERS.format(count);
}

/** `1 file`, `1,024 files`. */
export function amount(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The first few of many, and how many more there are. */
export function listed(names: readonly string[], few: number): string {
  const more = names.length - few;
  return `${names.slice(0, few).join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
}
