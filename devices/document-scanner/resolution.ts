// Which of a scanner's resolutions serves for one that is wanted: the next that is at least as fine.

import type { ScannerOptions } from './api.ts';

/** Undefined: the scanner does not reach it. A scanner that names none is asked for what is wanted. */
export const resolutionFor = (resolutions: ScannerOptions['resolutions'], wantedDpi: number): number | undefined => {
  if ('min' in resolutions)
    return wantedDpi <= resolutions.max ? Math.max(wantedDpi, Math.ceil(resolutions.min)) : undefined;
  if (resolutions.length === 0) return wantedDpi;
  return [...resolutions].sort((a, b) => a - b).find((dpi) => dpi >= wantedDpi);
};

/** What a visit may ask for. */
export const offeredResolutions = [150, 200, 300] as const;
