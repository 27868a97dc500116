// Citizens' procedures: the view, intents, captured pages.

import { ORPCError } from '@orpc/server';
import type { View } from '../contract/view.ts';
import type { Kiosk } from './kiosk.ts';
import { latest } from './latest.ts';
import { host } from './roles.ts';

export const citizenRouter = (kiosk: Kiosk) => ({
  session: {
    view: host.session.view.handler(({ signal }) =>
      latest<View>(
        () => kiosk.sessions.view(),
        (push) => kiosk.sessions.onView(push),
        signal,
      ),
    ),
    intent: host.session.intent.handler(({ input }) => ({
      accepted: kiosk.sessions.intend(input.intent, input.revision),
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
