import type { ReactElement } from 'react';
import { useTheme, type Theme } from '../client/theme.tsx';
import { Menu } from '../elements/menu.tsx';
import { Icon, type IconName } from '../icon.tsx';

const THEMES: readonly (readonly [theme: Theme, words: string, icon: IconName])[] = [
  ['system', 'As the system', 'system'],
  ['light', 'Light', 'sun'],
  ['dark', 'Dark', 'moon'],
];

export function ThemeSwitch(): ReactElement {
  const { theme, choose } = useTheme();
  const icon = THEMES.find(([name]) => name === theme)?.[2] ?? 'system';
  return (
    <Menu
      label="Colors"
      className="button-bare"
      align="start"
      items={THEMES.map(([name, words]) => ({ key: name, label: words, isChecked: name === theme, onChoose: () => choose(name) }))}
    >
      <Icon name={icon} />
    </Menu>
  );
}
