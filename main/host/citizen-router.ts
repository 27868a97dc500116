// Citizens' procedures: the view, intents, captured pages.

import { ORPCError } from '@orpc/server';
import type { View } from '../contract/view.ts';
import type { Kiosk } from './kiosk.ts';
import { host } from './roles.ts';

/** Latest value wins: a slow screen skips views instead of piling them up. */
export async function* latest<T>(
  first: T,
  subscribe: (push: (value: T) => void) => () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  let pending: { value: T } | undefined = { value: first };
  let wake: () => void = () => undefined;
  const stop = subscribe((value) => {
    pending = { value };
    wake();
  });
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal?.aborted) {
      if (pending) {
        const { value }: { value: T } = pending;
        pending = undefined;
        yield value;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop();
    signal?.removeEventListener('abort', onAbort);
  }
}

export const citizenRouter = (kiosk: Kiosk) => ({
  session: {
    view: host.session.view.handler(({ signal }) => {
      kiosk.noteScreen();
      return latest<View>(kiosk.sessions.view(), (push) => kiosk.sessions.onView(push), signal);
    }),
    intent: host.session.intent.handler(({ input }) => ({
      accepted: kiosk.sessions.dispatch({ type: 'intent', intent: input }),
    })),
  },
  materials: {
    addPage: host.materials.addPage.handler(async ({ input }) => {
      const bytes = new Uint8Array(await input.picture.arrayBuffer());
      const added = kiosk.addPage(input.materialId, bytes);
      if (!added.ok) throw new ORPCError('REFUSED', { data: { code: added.error.code, message: added.error.message } });
      return { pageId: added.value };
    }),
    page: host.materials.page.handler(({ input }) => {
      const page = kiosk.page(input.pageId);
      if (!page.ok) throw new ORPCError('REFUSED', { data: { code: page.error.code, message: page.error.message } });
      return new Blob([page.value.bytes], { type: page.value.mediaType });
    }),
  },
});
