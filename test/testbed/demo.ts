// `npm start` without a configuration: the demo hall and its window.

import { runKiosk } from '../../main/shell/run-kiosk.ts';
import { assembleDemo, demoStaff } from './demo-hall.ts';
import { buildScreens } from './screens-build.ts';
import { ensureCommands } from './system-packages.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

ensureCommands(['chromium', 'scanimage'], say);
buildScreens(say);
const demo = await assembleDemo({
  withDock: true,
  say,
  orientation: process.argv.includes('--landscape') ? 'landscape' : 'portrait',
});
say('演示大厅 / Demo hall');
say(
  `  统一受理平台（参考服务器） / central reference server: ${demo.central.url}  (接口 / API: ${demo.central.url}/openapi.json)`,
);
say(`  设备面板 / device dock: ${demo.dock?.url ?? ''}`);
for (const device of demo.hall.devices) say(`  ${device.kind}: ${device.path}`);
say(
  `  预约码（社保医保，在扫码器前出示） / an appointment’s code, for the code reader: ${demo.appointmentCode('SOC')}`,
);
say(
  `  取件码（${demo.result.cell} 号柜有办好的证件） / code of a result in cell ${demo.result.cell}: ${demo.result.code}`,
);
say(`  存件码（在扫码器前出示） / code by which papers are left, for the code reader: ${demo.deposit.code}`);
for (const { account, pin, role } of demoStaff)
  say(`  控制台账号 / console account: ${account} · PIN ${pin} · ${role}`);
say(
  '  控制台入口：三秒内连点五次左上角（首屏是时钟，其他画面是大厅名称） / consoles: five taps within three seconds at the upper left (the clock, or the hall’s name)',
);

const supervision = await runKiosk({
  configPath: demo.configPath,
  config: demo.config,
  environment: demo.environment,
  extraFlags: demo.cameraFlags,
  say,
  onCannotStart(code, message) {
    say(`${code}: ${message}`);
    void demo.stop().then(() => process.exit(1));
  },
});
const stop = async (): Promise<void> => {
  await supervision.stop();
  await demo.stop();
  process.exit(0);
};
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
