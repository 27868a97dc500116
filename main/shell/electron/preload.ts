/// <reference lib="dom" />
// The whole bridge between Electron and the page: MessagePorts to the host, handed over one at a time. A further one comes when the
// host was started again under a page that lives. The page gets no Electron API.

import { contextBridge, ipcRenderer } from 'electron';

contextBridge.exposeInMainWorld('hallKiosk', { shell: 'electron' });

ipcRenderer.on('host-channel', (event) => {
  const handOver = (): void => window.postMessage({ type: 'hall-kiosk-port' }, '*', event.ports);
  // The page's script listens once it has run, which is before `load`.
  if (document.readyState === 'complete') handOver();
  else window.addEventListener('load', handOver, { once: true });
});
