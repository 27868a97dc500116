// Devices as screens see them. The words are XFS4IoT's; texts are filled in by the host from each driver's fault table.

import { z } from 'zod';
import type { Text } from './text.ts';

export const deviceKindSchema = z.enum([
  'id-card-reader',
  'qr-reader',
  'ticket-printer',
  'rating-pad',
  'locker',
  'document-scanner',
]);
export type DeviceKind = z.infer<typeof deviceKindSchema>;

export type DeviceState =
  | 'starting'
  | 'online'
  | 'busy'
  | 'offline'
  | 'noDevice'
  | 'hardwareError'
  | 'userError'
  | 'fraudAttempt';

export type Who = 'citizen' | 'hall' | 'engineer' | 'system';

/** A fault in words: what happened, who acts, what to do next. */
export type FaultView = { code: string; who: Who; what: Text; todo: Text };

/** Where a device sits around the screen, so that a picture and an arrow can point there. */
export type DevicePlace = { edge: 'left' | 'right' | 'bottom' | 'top'; at: number; label: Text };
