/// <reference lib="dom" />
// The whole bridge between Electron and the page: one MessagePort to the host, handed over once. The page gets no Electron API.

import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('hallKiosk', { shell: 'electron' });

ipcRenderer.once('host-channel', (event) => {
  window.addEventListener('load', () => window.postMessage({ type: 'hall-kiosk-port' }, '*', event.ports), {
    once: true,
  });
  if (document.readyState === 'complete') window.postMessage({ type: 'hall-kiosk-port' }, '*', event.ports);
});
