// The dark theme is chosen on the welcome screen and ends with the visit; it is the page's own, since it changes nothing but colours.

import { createContext } from 'react';
import type { Theme } from '../ui/theme/panel.ts';

export const ThemeContext = createContext<{ theme: Theme; setTheme: (theme: Theme) => void }>({
  theme: 'light',
  setTheme: () => undefined,
});
