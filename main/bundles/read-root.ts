// The first root, which everything else hangs from: a person put it into the configuration, as a path or as it is.

import { readFileSync } from 'node:fs';
import type { KioskConfig } from '../../kiosk-config/schema.ts';

/** The root's bytes, or why there are none. */
export const readRoot = (
  bundleRoot: KioskConfig['central']['bundleRoot'],
): { bytes: Uint8Array } | { problem: string } => {
  if (bundleRoot === undefined) return { problem: 'none is configured' };
  if (typeof bundleRoot !== 'string') return { bytes: Buffer.from(JSON.stringify(bundleRoot), 'utf8') };
  try {
    return { bytes: readFileSync(bundleRoot) };
  } catch (error) {
    return { problem: `${bundleRoot}: ${(error as NodeJS.ErrnoException).code ?? String(error)}` };
  }
};
