import type { KnownPerson } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';

/**
 * The name that Kubernetes knows a person by: the one that was set down for them, else the first configured form. Undefined when
 * several were set down, or when the person lacks what the form is made of.
 */
export function userNameOf(person: KnownPerson, { aliases, usernamePrefix, usernameTemplates }: AccessSettings): string | undefined {
  const own = new Set([...person.emails, ...person.logins].map(folded));
  const setDown = [...aliases].filter(([, whose]) => own.has(folded(whose))).map(([name]) => name);
  if (setDown.length > 0) return setDown.length === 1 ? setDown[0] : undefined;
  for (const template of usernameTemplates) {
    const name = filled(template, person);
    if (name !== undefined) return `${usernamePrefix}${name}`;
  }
  return undefined;
}

function filled(template: string, { emails, logins }: KnownPerson): string | undefined {
  const email = emails[0]?.toLowerCase();
  const values: Readonly<Record<string, string | undefined>> = { email, login: logins[0], local: email?.split('@')[0] };
  const isWhole = Object.entries(values).every(([place, value]) => Boolean(value) || !template.includes(`{${place}}`));
  return isWhole ? template.replaceAll(/\{(email|login|local)\}/g, (_, place: string) => values[place] ?? '') : undefined;
}

function folded(name: string): string {
  return name.toLowerCase();
}
