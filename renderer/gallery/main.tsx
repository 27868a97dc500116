// The gallery: every screen and component, in every mode, language and orientation, from fixed views.
//
//   gallery.html                                      all of them, small
//   gallery.html?screen=home&mode=elder&lang=en&o=landscape&theme=contrast&px=3.2    one, at its real size

import { createRoot } from 'react-dom/client';
import type { View } from '../../main/contract/view.ts';
import { App } from '../citizen/app.tsx';
import { HostContext } from '../connection.ts';
import '../ui/theme/theme.ts';
import { ComponentSheet } from './component-sheet.tsx';
import { ConsoleSheet, consoleNames } from './console-sheet.tsx';
import { caseFixtures } from './fixtures-b.ts';
import { tokenFixtures } from './fixtures-token.ts';
import { createFixtureHost } from './fixture-host.ts';
import { visitFixtures } from './fixtures-a.ts';
import { Overview } from './overview.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('gallery.html has no #root');

const asked = new URLSearchParams(location.search);
const fixtures = [...visitFixtures, ...tokenFixtures, ...caseFixtures];
const name = asked.get('screen');

const adapt = (view: View): View => ({
  ...view,
  mode: asked.get('mode') === 'elder' ? 'elder' : 'standard',
  language: asked.get('lang') === 'en' ? 'en' : 'zh',
  panel: {
    pxPerMm: Number(asked.get('px') ?? '3.2'),
    orientation: asked.get('o') === 'landscape' ? 'landscape' : 'portrait',
  },
});

const theme = asked.get('theme') === 'contrast' ? 'contrast' : 'light';
const fixture = fixtures.find((candidate) => candidate.name === name);
if (name === null) {
  createRoot(root).render(<Overview names={['components', ...fixtures.map((one) => one.name), ...consoleNames]} />);
} else if (consoleNames.includes(name)) {
  createRoot(root).render(<ConsoleSheet name={name} view={adapt(fixtures[0]?.view as View)} theme={theme} />);
} else if (fixture === undefined && name !== 'components') {
  createRoot(root).render(<p>No screen is called {name}.</p>);
} else {
  const view = adapt((fixture ?? fixtures[0])?.view as View);
  createRoot(root).render(
    <HostContext value={createFixtureHost(view)}>
      {fixture === undefined ? <ComponentSheet view={view} theme={theme} /> : <App initialTheme={theme} />}
    </HostContext>,
  );
}
