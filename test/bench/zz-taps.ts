import { assembleDemo } from '../testbed/demo-hall.ts';
import { startKiosk } from './kiosk-stage.ts';
import { say } from './figure.ts';
const demo = await assembleDemo({ say });
const k = await startKiosk(demo);
await k.glass.attractPainted();
const { page, cdp } = k.glass;
await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
const metrics = async () =>
  Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
const b = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' }).first();
const keys = [
  'TaskDuration',
  'ScriptDuration',
  'LayoutDuration',
  'RecalcStyleDuration',
  'V8CompileDuration',
  'LayoutCount',
  'RecalcStyleCount',
  'Nodes',
];
const show = async (label: string, act: () => Promise<unknown>) => {
  const a = await metrics();
  const t = (await act()) as { paintedAtMs: number; downAtMs: number } | undefined;
  const c = await metrics();
  console.log(
    label.padEnd(14),
    t ? (t.paintedAtMs - t.downAtMs).toFixed(0).padStart(5) : '  -',
    keys
      .map(
        (n) =>
          `${n} ${n.endsWith('Duration') ? ((c[n]! - a[n]!) * 1000).toFixed(1) + 'ms' : n === 'Nodes' ? c[n] : c[n]! - a[n]!}`,
      )
      .join('  '),
  );
};
const m0 = await metrics();
console.log(
  'load',
  keys.map((n) => `${n} ${n.endsWith('Duration') ? (m0[n]! * 1000).toFixed(0) + 'ms' : m0[n]}`).join('  '),
);
await show('start', () => k.glass.tap(b('触摸屏幕开始')));
await k.glass.waitScreen('welcome');
await show('choice', () => k.glass.tap(page.locator('label').filter({ hasText: 'English' }).last()));
await show('choice', () => k.glass.tap(page.locator('label').filter({ hasText: '中文' }).last()));
await show('home', () => k.glass.tap(b('开始')));
await k.glass.waitScreen('home');
for (let i = 0; i < 2; i++) {
  await show('english', () => k.glass.tap(b('English')));
  await show('chinese', () => k.glass.tap(b('中文')));
}
await show('elder', () => k.glass.tap(b('长辈版')));
await show('standard', () => k.glass.tap(b('标准版')));
const scenes = page.locator('[data-screen="home"] ul').first().getByRole('button');
for (let i = 0; i < 3; i++) {
  await show('tile', () => k.glass.tap(scenes.nth(i)));
  await show('back', () => k.glass.tap(b('返回')));
}
await show('search', () => k.glass.tap(b('搜索')));
for (const key of 'kaifandian') await show('key ' + key, () => k.glass.tap(b(key)));
await show('back', () => k.glass.tap(b('返回')));
await show('item', () => k.glass.tap(b(/我要开饭店/)));
await k.stop();
await demo.stop();
process.exit();
