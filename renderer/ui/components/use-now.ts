// The host's clock on the screen: kept running between pushes, told once a second.

import { useEffect, useState } from 'react';
import { useHost } from '../../connection.ts';

/** Host's time in milliseconds, renewed `everyMs`. */
export const useNow = (everyMs = 1000): number => {
  const host = useHost();
  const [now, setNow] = useState(() => host.nowMs());
  useEffect(() => {
    const tick = (): void => setNow(host.nowMs());
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [host, everyMs]);
  return now;
};
