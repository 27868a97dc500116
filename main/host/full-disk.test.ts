import { expect, it } from 'vitest';
import { createTestKiosk } from './test-kiosk.ts';

const tenMb = 10 * 1024 * 1024;

it('a disk that is nearly full: documents are refused before they are handed over, queue numbers are given', async () => {
  const { kiosk, store, stop } = await createTestKiosk();
  const intend = (intent: Parameters<typeof kiosk.sessions.intend>[0]): boolean =>
    kiosk.sessions.intend(intent, kiosk.sessions.view().revision);
  const [item] = kiosk.catalogue.items;
  try {
    store.freeBytes = () => tenMb;
    intend({ type: 'touch' });
    intend({ type: 'next' });
    intend({ type: 'openItem', code: item?.code ?? '' });
    const { screen } = kiosk.sessions.view();
    expect(screen).toMatchObject({
      type: 'guide',
      here: { can: 'no', why: { zh: expect.stringContaining('存储空间') } },
    });
    intend({ type: 'next' });
    expect(kiosk.sessions.session()?.step.type).toBe('guide');
    expect(kiosk.sessions.session()?.person).toBeUndefined();
    intend({ type: 'goHome' });
    intend({ type: 'openQueue' });
    intend({ type: 'chooseBusiness', code: 'SOC' });
    intend({ type: 'takeNumber' });
    expect(kiosk.sessions.view().screen).toMatchObject({ type: 'ticket' });
    // An engineer makes room: the next visit may begin.
    store.freeBytes = () => 100_000 * tenMb;
    kiosk.sessions.refresh();
    expect(kiosk.world().roomBytes).toBeGreaterThan(0);
  } finally {
    await stop();
  }
});
