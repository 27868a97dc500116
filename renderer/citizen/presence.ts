// A hand on the glass is a sign of life: it is told to the host, at most every two seconds, so that nobody who reads, types or signs
// is asked whether they are still there.

import { useEffect } from 'react';
import type { Host } from '../connection.ts';

export const touchEveryMs = 2000;

export const usePresence = (host: Host, isPresent: boolean): void => {
  useEffect(() => {
    if (!isPresent) return undefined;
    let toldAtMs = Number.NEGATIVE_INFINITY;
    const tell = (): void => {
      const now = performance.now();
      if (now - toldAtMs < touchEveryMs) return;
      toldAtMs = now;
      void host.send({ type: 'touch' });
    };
    window.addEventListener('pointerdown', tell, { capture: true });
    window.addEventListener('keydown', tell, { capture: true });
    return () => {
      window.removeEventListener('pointerdown', tell, { capture: true });
      window.removeEventListener('keydown', tell, { capture: true });
    };
  }, [host, isPresent]);
};
