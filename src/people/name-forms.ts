/** An e-mail address in its two parts, lower case. */
export interface Address {
  readonly local: string;
  readonly domain: string;
}

const ISSUER_PREFIX = /^https?:\/\/[^#\s]+#/i;
const OTHER_PREFIX = /^[A-Za-z][\w.-]*[:#](?!\/\/)/;
const COMMON_NAME = /^(?:[A-Za-z]+=[^,]*,\s*)*CN=([^,]+)/i;
const GMAIL: ReadonlySet<string> = new Set(['gmail.com', 'googlemail.com']);

/** Lower case, without blanks around it, and without the dot that may end a domain. */
export function normalized(name: string): string {
  const text = name.trim().toLowerCase();
  return text.includes('@') && text.endsWith('.') ? text.slice(0, -1) : text;
}

/**
 * What the identity provider calls the user: the name without the configured prefix, or without the issuer that Kubernetes puts before
 * names when no prefix is configured. Undefined when it has none of them.
 */
export function withoutPrefix(name: string, prefix: string): string | undefined {
  if (prefix !== '' && name.toLowerCase().startsWith(prefix.toLowerCase())) return name.slice(prefix.length);
  // With an issuer configured as the prefix, the people of another issuer are others.
  if (ISSUER_PREFIX.test(prefix)) return undefined;
  return ISSUER_PREFIX.test(name) ? name.replace(ISSUER_PREFIX, '') : undefined;
}

/** The name without something that looks like a prefix and is not configured as one. */
export function withoutForeignPrefix(name: string): { readonly prefix: string; readonly rest: string } | undefined {
  const prefix = (ISSUER_PREFIX.exec(name) ?? OTHER_PREFIX.exec(name))?.[0];
  return prefix === undefined || prefix.length === name.length ? undefined : { prefix, rest: name.slice(prefix.length) };
}

/** The common name of a user that is named by a certificate's whole subject: `O=dev,CN=alice`. */
export function commonNameOf(name: string): string | undefined {
  return COMMON_NAME.exec(name)?.[1]?.trim();
}

export function addressOf(name: string): Address | undefined {
  const text = normalized(name);
  const at = text.lastIndexOf('@');
  return at <= 0 || at === text.length - 1 ? undefined : { local: text.slice(0, at), domain: text.slice(at + 1) };
}

/** Without what stands after a plus; undefined when there is no plus. */
export function withoutPlus({ local, domain }: Address): Address | undefined {
  const plus = local.indexOf('+');
  return plus <= 0 ? undefined : { local: local.slice(0, plus), domain };
}

/** Same text for addresses that Gmail delivers to one mailbox; undefined for any other domain. */
export function gmailKey({ local, domain }: Address): string | undefined {
  return GMAIL.has(domain) ? local.split('+')[0]?.replaceAll('.', '') : undefined;
}

export function addressText({ local, domain }: Address): string {
  return `${local}@${domain}`;
}
