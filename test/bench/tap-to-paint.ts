// From the finger on the glass to what it changes there, on a processor six times slower: language, size, tiles, lists, keys of the
// on-screen keyboard. Two figures of the same taps, neither hides the other:
//
//   finger ─▶ next frame: the glass answers (tapToPaint; the browser's own Event Timing, the measure of Interaction to Next Paint)
//   finger ─▶ host ─▶ view ─▶ first new content painted (tapToContent)

import type { Locator } from '@playwright/test';
import { figure, percentile, spread, type Figure } from './figure.ts';
import type { KioskStage } from './kiosk-stage.ts';

const throttle = 6;
const leastTaps = 60;

export const measureTaps = async ({ glass }: KioskStage): Promise<Figure[]> => {
  const { page, cdp } = glass;
  const byKind: Record<string, number[]> = {};
  const nextByKind: Record<string, number[]> = {};
  let silent = 0;
  const button = (name: string | RegExp): Locator =>
    page.getByRole('button', { name, exact: typeof name === 'string' }).first();
  const tap = async (kind: string, what: Locator): Promise<void> => {
    const done = await glass.tap(what);
    if (done) {
      (byKind[kind] ??= []).push(done.paintedAtMs - done.actAtMs);
      (nextByKind[kind] ??= []).push(done.nextPaintMs);
    } else silent += 1;
  };
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  try {
    await tap('start', button('触摸屏幕开始'));
    await glass.waitScreen('welcome');
    for (let time = 0; time < 3; time += 1) {
      await tap('choice', page.locator('label').filter({ hasText: 'English' }).last());
      await tap('choice', page.locator('label').filter({ hasText: '中文' }).last());
    }
    await tap('screen', button('开始'));
    await glass.waitScreen('home');
    for (let time = 0; time < 5; time += 1) {
      await tap('language', button('English'));
      await tap('language', button('中文'));
    }
    for (let time = 0; time < 3; time += 1) {
      await tap('size', button('长辈版'));
      await tap('size', button('标准版'));
    }
    const scenes = page.locator('[data-screen="home"] ul').first().getByRole('button');
    for (let scene = 0, count = await scenes.count(); scene < count; scene += 1) {
      await tap('tile', scenes.nth(scene));
      const more = button('更多');
      if (await more.isEnabled({ timeout: 300 }).catch(() => false)) await tap('list page', more);
      await tap('back', button('返回'));
    }
    await tap('search', button('搜索'));
    for (const key of ['k', 'a', 'i', 'f', 'a', 'n', 'd', 'i', 'a', 'n', 'y', 'i', 'n', 'g', 'y', 'e'])
      await tap('key', button(key));
    await tap('back', button('返回'));
    await glass.waitScreen('home');
    for (let time = 0; time < 3; time += 1) {
      await tap('item', button(/我要开饭店/));
      await glass.waitScreen('guide');
      await tap('back', button('返回'));
      await glass.waitScreen('home');
    }
  } finally {
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await glass.toAttract();
  }
  const all = Object.values(byKind).flat();
  if (all.length < leastTaps) throw new Error(`only ${all.length} taps showed anything (${silent} did not)`);
  const nextPaints = Object.values(nextByKind).flat();
  const worst = (kinds: Readonly<Record<string, readonly number[]>>): string =>
    `p95 by kind: ${Object.entries(kinds)
      .map(([kind, values]) => `${kind} ${percentile(values, 0.95).toFixed(0)}`)
      .join(', ')}`;
  return [
    figure('tapToPaintP95', percentile(nextPaints, 0.95), 'ms', {
      target: 100,
      note: `${throttle}x CPU throttle, from each event of the finger to the next frame (Event Timing, steps of 8 ms); ${spread(nextPaints)}; ${worst(nextByKind)}`,
    }),
    figure('tapToContentP95', percentile(all, 0.95), 'ms', {
      note: `the same taps, to the first new content painted, the host's answer included; ${spread(all)}; ${worst(byKind)}${silent > 0 ? `; ${silent} taps showed nothing new` : ''}`,
    }),
  ];
};
