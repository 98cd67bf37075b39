import { createContext, use, useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { recall, remember } from './memory.ts';

export type Theme = 'system' | 'light' | 'dark';

interface ThemeChoice {
  readonly theme: Theme;
  readonly choose: (theme: Theme) => void;
}

const ThemeContext = createContext<ThemeChoice>({ theme: 'system', choose: () => undefined });

export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const [theme, setTheme] = useState<Theme>(() => themeNamed(recall('theme')));
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    remember('theme', theme);
  }, [theme]);
  return <ThemeContext value={{ theme, choose: setTheme }}>{children}</ThemeContext>;
}

export function useTheme(): ThemeChoice {
  return use(ThemeContext);
}

function themeNamed(name: string | undefined): Theme {
  return name === 'light' || name === 'dark' ? name : 'system';
}
