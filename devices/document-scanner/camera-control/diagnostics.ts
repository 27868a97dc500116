// Health checks of a control channel, and its wire trace in words. Each check can fail; the folder's tests show it.

import type { CheckVerdict, HealthCheck } from '../../kit/device.ts';
import type { TraceEntry } from '../../kit/trace.ts';
import type { CameraControl, CameraControlCommand } from './api.ts';
import type { CameraProtocol } from './config.ts';

type Ask = Parameters<HealthCheck['run']>[0];

const quickMs = 5000;

const verdict = (passed: boolean, code: string, detail: string): CheckVerdict => ({ passed, code, detail });

const execute = (control: CameraControl, command: CameraControlCommand) =>
  control.execute(command, { id: `check:${command.type}:${crypto.randomUUID()}`, timeoutMs: quickMs });

const checkLink = async (control: CameraControl): Promise<CheckVerdict> => {
  const result = await execute(control, { type: 'checkLink' });
  if (result.ok) return verdict(true, 'passed', 'it answered');
  const { state, faults } = control.status();
  if (result.error.code === 'cannotVerify' && state === 'online')
    return verdict(true, 'portOnly', 'the port is open; this protocol cannot tell whether a camera hangs on it');
  return verdict(false, faults[0]?.code ?? result.error.code, result.error.message);
};

const checkLamp = async (control: CameraControl): Promise<CheckVerdict> => {
  const lit = await execute(control, { type: 'setLamp', level: 100 });
  const dark = await execute(control, { type: 'setLamp', level: 0 });
  for (const result of [lit, dark])
    if (!result.ok) return verdict(false, control.status().faults[0]?.code ?? result.error.code, result.error.message);
  const isConfirmed = lit.ok && lit.value.type === 'lampSet' && lit.value.isConfirmed;
  return verdict(true, isConfirmed ? 'passed' : 'sent', isConfirmed ? 'on and off, answered' : 'on and off, sent');
};

const checkLampSeen = async (control: CameraControl, ask: Ask): Promise<CheckVerdict> => {
  const lit = await execute(control, { type: 'setLamp', level: 100 });
  if (!lit.ok) return verdict(false, lit.error.code, lit.error.message);
  const wasSeen = await ask({ zh: '补光灯亮了吗？', en: 'Is the lamp on?' });
  await execute(control, { type: 'setLamp', level: 0 });
  return wasSeen
    ? verdict(true, 'passed', 'a person saw the light')
    : verdict(false, 'lampDark', 'a person saw no light');
};

const checkButton = async (control: CameraControl, ask: Ask): Promise<CheckVerdict> => {
  let presses = 0;
  const stop = control.onNotice((notice) => {
    if (notice.type === 'shutter') presses += 1;
  });
  await ask({ zh: '请按一下拍摄键，按完后点“是”', en: 'Press the button once, then answer yes' });
  stop();
  return presses > 0
    ? verdict(true, 'passed', `${presses} press${presses === 1 ? '' : 'es'} arrived`)
    : verdict(false, 'noPress', 'no press arrived');
};

export const controlChecks = (control: CameraControl, protocol: CameraProtocol): readonly HealthCheck[] => [
  { name: 'link', scope: 'internal', title: { zh: '连接', en: 'Link' }, run: () => checkLink(control) },
  ...(protocol.lamp
    ? ([
        {
          name: 'lamp',
          scope: 'external',
          title: { zh: '补光灯开和关', en: 'Lamp on and off' },
          run: () => checkLamp(control),
        },
        {
          name: 'lampSeen',
          scope: 'interactive',
          title: { zh: '补光灯由人确认', en: 'Lamp, seen by a person' },
          run: (ask: Ask) => checkLampSeen(control, ask),
        },
      ] as const)
    : []),
  ...(protocol.shutter.length > 0
    ? ([
        {
          name: 'button',
          scope: 'interactive',
          title: { zh: '拍摄键', en: 'The button' },
          run: (ask: Ask) => checkButton(control, ask),
        },
      ] as const)
    : []),
];

const sentWords: Readonly<Record<string, { zh: string; en: string }>> = {
  open: { zh: '打开后的初始化', en: 'initialises after opening' },
  heartbeat: { zh: '询问是否在线', en: 'asks whether it is there' },
  'lamp off': { zh: '关补光灯', en: 'switches the lamp off' },
};

export const explainTrace = (entry: TraceEntry): { zh: string; en: string } => {
  switch (entry.direction) {
    case 'out': {
      const level = /^lamp (\d+)%$/.exec(entry.label)?.[1];
      const words =
        level === undefined
          ? (sentWords[entry.label] ?? { zh: entry.label, en: entry.label })
          : { zh: `补光灯调到 ${level}%`, en: `sets the lamp to ${level}%` };
      return { zh: `${words.zh}(${entry.hex})`, en: `${words.en} (${entry.hex})` };
    }
    case 'in':
      return { zh: `收到：${entry.hex}`, en: `received: ${entry.hex}` };
    case 'note':
      return { zh: `丢弃或断开：${entry.label} ${entry.hex}`, en: `discarded or lost: ${entry.label} ${entry.hex}` };
    default:
      return entry.direction satisfies never;
  }
};
