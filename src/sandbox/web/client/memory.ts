/** What the browser remembers between visits. A browser that refuses to remember is no reason to fail. */
export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(key(name)) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(key(name), value);
  } catch {
    // Private windows may have no storage; the choice then lasts as long as the page.
  }
}

function key(name: string): string {
  return `k8ssec-sandbox/${name}`;
}
