// The arrow on the glass: at the device's edge, at the device's position along it, pointing off the glass.

import { useLayoutEffect, useRef, useState } from 'react';
import type { DevicePlace } from '../../../main/contract/devices.ts';
import styles from './coach-pointer.module.css';
import { alongStage } from './pointer-position.ts';

export type CoachPointerProps = { place: DevicePlace };

export const CoachPointer = ({ place }: CoachPointerProps) => {
  const lane = useRef<HTMLDivElement>(null);
  const [along, setAlong] = useState<number>();
  const isLevel = place.edge === 'top' || place.edge === 'bottom';
  useLayoutEffect(() => {
    const element = lane.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const box = element.getBoundingClientRect();
      setAlong(
        isLevel
          ? alongStage(place.at, window.innerWidth, box.left, box.width)
          : alongStage(place.at, window.innerHeight, box.top, box.height),
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [isLevel, place.at]);
  return (
    <div className={styles['lane']} data-edge={place.edge} ref={lane} aria-hidden="true">
      {along !== undefined && (
        <svg
          className={styles['arrow']}
          viewBox="0 0 64 80"
          style={isLevel ? { left: `${along * 100}%` } : { top: `${along * 100}%` }}
        >
          <path d="M22 4h20v36h18L32 76 4 40h18z" />
        </svg>
      )}
    </div>
  );
};
