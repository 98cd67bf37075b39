import type { ReactElement } from 'react';
import { Icon } from '../icon.tsx';
import { useWorld } from '../world.tsx';

const HUES = 8;

interface AvatarProps {
  /** Of a person, or of the app. */
  readonly id: string;
  readonly isSmall?: boolean;
}

/** Initials on a color of their own, since there are no photographs here. A decoration: the name stands beside it. */
export function Avatar({ id, isSmall = false }: AvatarProps): ReactElement {
  const { people, appUserId } = useWorld();
  const person = people.get(id);
  const className = isSmall ? 'avatar avatar-small' : 'avatar';
  if (id === appUserId) {
    return (
      <span className={`${className} avatar-app`} aria-hidden="true">
        <Icon name="app" />
      </span>
    );
  }
  return (
    <span className={className} data-hue={person?.sort === 'bot' || person?.sort === 'slack' ? 'none' : hueOf(id)} aria-hidden="true">
      {initials(person?.realName ?? id)}
    </span>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.charAt(0) ?? '').join('').toUpperCase();
}

function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 997;
  return sum % HUES;
}
