import type { KnownPerson } from '#src/model/people-view.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { normalized, withoutPrefix } from './name-forms.ts';
import { accountOf } from './who-can.ts';

type ProtectionSettings = Pick<AccessSettings, 'breakGlass' | 'exempt' | 'usernamePrefix'>;

/** Why access of this user must never be taken away from here; undefined when it may be. */
export function protectionOf(user: string, person: KnownPerson | undefined, { breakGlass, exempt, usernamePrefix }: ProtectionSettings): string | undefined {
  if (accountOf(user) !== undefined) return 'it is a ServiceAccount, which programs may use too';
  if (user.startsWith('system:')) return 'it is a name of Kubernetes itself';
  if (user.startsWith('kube-')) return 'it is a name of the control plane';
  const bare = withoutPrefix(user, usernamePrefix) ?? user;
  const names = new Set([user, bare, ...(person?.emails ?? [])].map(normalized));
  if (breakGlass.some((name) => names.has(normalized(name)))) return 'the configuration keeps it for emergencies';
  if (exempt.some((name) => names.has(normalized(name)))) return 'the configuration exempts it';
  return person?.kind === 'bot' ? 'it belongs to a bot' : undefined;
}

/** Whether a person stands behind the name, as far as anybody can tell from it. */
export function isHumanName(user: string): boolean {
  return !user.startsWith('system:') && !user.startsWith('kube-');
}
