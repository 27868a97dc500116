// The kiosk's page: opens the line to the host and draws what it says.

import { createRoot } from 'react-dom/client';
import { App } from './citizen/app.tsx';
import { createHost, HostContext } from './connection.ts';
import { forgetEarlierPage } from './forget.ts';
import { openSoundAtFirstTouch } from './ui/sound.ts';
import './ui/theme/theme.ts';

forgetEarlierPage();
openSoundAtFirstTouch(window);
// Long presses open nothing.
window.addEventListener('contextmenu', (event) => event.preventDefault());

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root, { onUncaughtError: (error) => console.error('the page broke', error) }).render(
  <HostContext value={createHost()}>
    <App />
  </HostContext>,
);
