// A host made of one fixed view, so that screens can be looked at without a host. Intents are shown on the console and change nothing.

import { createORPCClient } from '@orpc/client';
import type { Host, HostClient, Link } from '../connection.ts';
import type { View } from '../../main/contract/view.ts';

/** A sheet with grey lines, in place of a page that was captured. */
const samplePage = async (): Promise<Blob> => {
  const canvas = new OffscreenCanvas(620, 877);
  const pen = canvas.getContext('2d');
  if (pen !== null) {
    pen.fillStyle = '#fdfcf8';
    pen.fillRect(0, 0, 620, 877);
    pen.fillStyle = '#9aa3a0';
    pen.fillRect(180, 70, 260, 22);
    for (let y = 150; y < 800; y += 34) pen.fillRect(70, y, y % 102 === 48 ? 320 : 480, 8);
  }
  return canvas.convertToBlob({ type: 'image/png' });
};

const link: Link = {
  call: async (path) => {
    if (path.join('.') === 'materials.page') return samplePage();
    throw new Error(`the gallery has no host for ${path.join('.')}`);
  },
};

/** Its clock stands still at the view's own time, so that pictures of one view are always alike. */
export const createFixtureHost = (view: View): Host => {
  const snapshot = { view, viewAtMs: 0, isConnected: true };
  return {
    client: createORPCClient<HostClient>(link),
    subscribe: () => () => undefined,
    snapshot: () => snapshot,
    nowMs: () => view.nowMs,
    send: (intent) => {
      console.info('intent', intent);
      return Promise.resolve(true);
    },
    close: () => undefined,
  };
};
