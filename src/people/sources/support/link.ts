/**
 * The address of the next page in a `Link` header; nothing on the last page.
 *
 * Made to be handed to `api.pages`, which decides whether it may be followed.
 */
export function nextLink({ headers }: { readonly headers: Headers }): string | undefined {
  for (const [, target, parameters] of (headers.get('link') ?? '').matchAll(/<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g)) {
    const relations = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters ?? '');
    const names = (relations?.[1] ?? relations?.[2] ?? '').toLowerCase().split(/\s+/);
    if (names.includes('next')) return target;
  }
  return undefined;
}
