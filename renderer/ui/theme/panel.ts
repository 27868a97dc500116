// Puts the panel's geometry, the mode, the theme and the language on the root element, where the style sheets read them.

import { useLayoutEffect, useState } from 'react';
import type { ScreenMode } from '../../../main/contract/text.ts';
import type { View } from '../../../main/contract/view.ts';

export const themes = ['light', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/**
 * The smallest glass that the screens are drawn for, millimetres: a 21.5-inch panel, in elder mode one of 24 inches, since less
 * does not hold four rows, a title and the buttons in that size.
 */
const leastGlassMm = {
  standard: { short: 266, long: 474 },
  elder: { short: 298, long: 528 },
} as const;

/** Pixels per millimetre to draw with: the panel's own, or less where the window is smaller than that glass (also a desk, a console). */
export const drawnPxPerMm = (
  panel: View['panel'],
  mode: ScreenMode,
  window: { widthPx: number; heightPx: number },
): number => {
  const least = leastGlassMm[mode];
  const isPortrait = panel.orientation === 'portrait';
  const leastWidthMm = isPortrait ? least.short : least.long;
  const leastHeightMm = isPortrait ? least.long : least.short;
  return Math.min(panel.pxPerMm, window.widthPx / leastWidthMm, window.heightPx / leastHeightMm);
};

/** Applies `view` and `theme` to the document; follows the window's size. */
export const usePanel = (view: Pick<View, 'panel' | 'mode' | 'language'> | undefined, theme: Theme): void => {
  const [size, setSize] = useState({ widthPx: window.innerWidth, heightPx: window.innerHeight });
  useLayoutEffect(() => {
    const measure = (): void => setSize({ widthPx: window.innerWidth, heightPx: window.innerHeight });
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  useLayoutEffect(() => {
    const root = document.documentElement;
    root.dataset['theme'] = theme;
    if (view === undefined) return;
    root.lang = view.language === 'zh' ? 'zh-CN' : 'en';
    root.dataset['mode'] = view.mode;
    root.dataset['orientation'] = view.panel.orientation;
    root.style.setProperty('--mm', `${drawnPxPerMm(view.panel, view.mode, size)}px`);
  }, [view, theme, size]);
};
