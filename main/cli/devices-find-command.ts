// `devices find`: every port of this machine, who has it, and which configured devices miss theirs. With `--identify` the ports that
// nobody has are asked who is there, one after the other.

import type { DriverDefinition } from '../../devices/kit/device.ts';
import { systemClock } from '../../devices/kit/clock.ts';
import { identifyPort, type IdentifyProgress, type IdentifyResult } from '../../devices/kit/finding/identify.ts';
import { listPorts, resolvePath } from '../../devices/kit/finding/list-ports.ts';
import { linkName, portTitle, stableName, usesOf, type PortUse } from '../../devices/kit/finding/ports.ts';
import { registry } from '../../devices/registry.ts';
import { transportOf } from '../host/transport-of.ts';
import { stringOf, type Command, type Io } from './command.ts';
import { identifyWords, stateWords } from './find-words.ts';
import { configFor } from './live-devices.ts';

type Found = { use: PortUse; result?: IdentifyResult };

const reportOf = ({ use, result }: Found) => {
  if (use.state === 'missing') return { state: use.state, device: use.device, link: use.link };
  const { type, node, names, usb, usages } = use.port;
  return {
    state: use.state,
    ...(use.state === 'assigned' ? { device: use.device } : {}),
    type,
    node,
    names,
    ...(usb ? { usb } : {}),
    ...(usages ? { usages } : {}),
    ...(result ? { identified: result } : {}),
  };
};

const mark = { assigned: '✓', unassigned: '·', missing: '✗' } as const;

const lines = ({ use, result }: Found, { language }: Io): string[] => {
  const state = stateWords[use.state][language];
  if (use.state === 'missing') return [`${mark.missing} ${state}  ${use.device}  ${linkName(use.link)}`];
  const title = portTitle(use.port);
  const owner = use.state === 'assigned' ? `  ${use.device}` : '';
  return [
    `${mark[use.state]} ${state}${owner}  ${stableName(use.port)}${title === undefined ? '' : `  (${title})`}`,
    ...(result ? identifyWords(result, language).map((line) => `    ${line}`) : []),
  ];
};

const asking = (name: string, { step, of, title, baudRate }: IdentifyProgress, { language }: Io): string => {
  const what = title?.[language] ?? (language === 'zh' ? '只听' : 'listening');
  return `… ${name} ${step}/${of} ${what}${baudRate === undefined ? '' : ` ${baudRate}`}`;
};

export const devicesFind: Command = {
  usage: 'devices find',
  summary: {
    zh: '列出本机端口：已分配、未分配、缺失；可询问未分配的端口接了什么',
    en: 'list this machine’s ports: assigned, unassigned, missing; can ask the unassigned ones',
  },
  options: {
    config: { type: 'string', value: 'FILE', help: { zh: '本机的配置文件', en: 'this kiosk’s configuration' } },
    identify: {
      type: 'boolean',
      help: {
        zh: '询问未分配的端口（只问状态，不开门、不打印；会打开端口）',
        en: 'ask unassigned ports (status questions only, no door, no paper; it opens the ports)',
      },
    },
  },
  async run({ values, isJson }, io) {
    const file = stringOf(values['config']);
    const config = file === undefined ? undefined : configFor(file, io);
    if (file !== undefined && !config) return 1;
    const uses = usesOf(await listPorts(), config?.devices ?? [], resolvePath);
    const found: Found[] = uses.map((use) => ({ use }));
    if (values['identify'] === true) await identifyAll(found, config !== undefined, io);
    if (isJson) io.out(JSON.stringify(found.map(reportOf), undefined, 2));
    else if (found.length === 0) io.out(io.language === 'zh' ? '本机没有端口' : 'This machine has no ports');
    else for (const one of found) for (const line of lines(one, io)) io.out(line);
    return uses.some(({ state }) => state === 'missing') ? 1 : 0;
  },
};

const withoutQuestion = (driver: DriverDefinition): DriverDefinition => {
  const silent = { ...driver };
  delete silent.probe;
  return silent;
};

const identifyAll = async (found: Found[], isConfigured: boolean, io: Io): Promise<void> => {
  const assigned = found.flatMap(({ use }) => (use.state === 'assigned' ? [use.port] : []));
  for (const one of found) {
    if (one.use.state !== 'unassigned') continue;
    const { port } = one.use;
    // A tty or a printer that a running kiosk has is locked; a HID device is not. Without the configuration nobody knows whose it is.
    const mayAsk = isConfigured || port.type !== 'hid';
    const drivers = mayAsk ? registry : registry.map(withoutQuestion);
    one.result = await identifyPort(port, {
      drivers,
      assigned,
      transportOf,
      clock: systemClock,
      onProgress: (progress) => io.err(asking(port.node, progress, io)),
    });
  }
};
