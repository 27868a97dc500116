// Settings of a line-mode travel-document swiper. The link (port, baud rate) is configured beside them.

import { z } from 'zod';

export const mrzConfigSchema = z.strictObject({
  /** A silence of this length ends a swipe. Longer for serial servers on a slow network. */
  silenceMs: z.int().min(50).max(2000).default(300),
});

export type MrzConfig = z.infer<typeof mrzConfigSchema>;
