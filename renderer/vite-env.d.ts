/// <reference types="vite/client" />
// What surrounds the page: Vite's import forms and what Electron's preload leaves on `window`.

interface Window {
  /** Set by Electron's preload before the page runs; absent in Chromium, where the page uses a WebSocket. */
  hallKiosk?: { shell: 'electron' };
}
