// `devices`: what this build can drive, or, with a configuration, how each device of the hall is right now.

import { registry } from '../../devices/registry.ts';
import type { Text } from '../contract/text.ts';
import { isAvailable, type HallDevice } from '../host/hall-devices.ts';
import { faultView } from '../host/world.ts';
import { stringOf, type Command, type Io } from './command.ts';
import { configFor, withDevices } from './live-devices.ts';

const whoWords: Readonly<Record<'citizen' | 'hall' | 'engineer' | 'system', Text>> = {
  citizen: { zh: '群众处理', en: 'citizen' },
  hall: { zh: '大厅人员处理', en: 'hall staff' },
  engineer: { zh: '维修人员处理', en: 'engineer' },
  system: { zh: '自动恢复中', en: 'recovers by itself' },
};

const reportOf = ({ config, device, driver }: HallDevice) => {
  const status = device.status();
  return {
    id: config.id,
    kind: config.kind,
    driver: driver.driver,
    name: config.name,
    link: device.transportName,
    linkType: config.link?.type ?? 'own',
    commands: driver.commands,
    required: config.required,
    state: status.state,
    available: isAvailable(status),
    faults: status.faults.map(({ code }) => faultView(code, device.faultTexts)),
    /** Who has to do something: the first fault's, since faults are ordered by weight. Absent when all is well. */
    ...(status.faults[0] ? { who: status.faults[0].who } : {}),
    sinceMs: status.sinceMs,
    identity: device.identity(),
    checks: device.checks.map(({ name, scope, title }) => ({ name, scope, title })),
  };
};

const lines = (report: ReturnType<typeof reportOf>, { language }: Io): string[] => {
  const isZh = language === 'zh';
  const { identity } = report;
  const known = [identity.model, identity.serialNumber, identity.firmware].filter((part) => part !== undefined);
  const unknown = isZh ? '未报告' : 'not reported';
  return [
    `${report.available ? '✓' : '✗'} ${report.name[language]}  ${report.id}  (${report.kind}, ${report.driver})  ${report.link}`,
    `    ${isZh ? '状态' : 'state'}  ${report.state}${report.required ? '' : isZh ? ',可缺' : ', optional'}`,
    ...report.faults.flatMap((fault) => [
      `    ${isZh ? '故障' : 'fault'}  ${fault.what[language]} (${fault.code})`,
      `          ${whoWords[fault.who][language]}${isZh ? ':' : ': '}${fault.todo[language]}`,
    ]),
    `    ${isZh ? '型号' : 'model'}  ${known.length > 0 ? known.join(' · ') : unknown}`,
    `    ${isZh ? '能力' : 'can'}  ${identity.capabilities.length > 0 ? identity.capabilities.join(', ') : unknown}`,
    `    ${isZh ? '检查项' : 'checks'}  ${report.checks.map(({ name }) => name).join(', ')}`,
  ];
};

export const devices: Command = {
  usage: 'devices',
  summary: {
    zh: '列出驱动；给出配置时，连接每台设备并报告状态',
    en: 'list the drivers; with a configuration, connect each device and report on it',
  },
  options: {
    config: { type: 'string', value: 'FILE', help: { zh: '本机的配置文件', en: 'this kiosk’s configuration' } },
    verbose: { type: 'boolean', help: { zh: '把设备日志写到标准错误', en: 'the devices’ log on standard error' } },
  },
  async run({ values, isJson }, io) {
    const file = stringOf(values['config']);
    if (file === undefined) {
      const known = registry.map(({ driver, kind, title, links, commands, usb = [], probe, triedOn }) => ({
        driver,
        kind,
        title,
        links,
        commands,
        usb,
        canBeAsked: probe !== undefined,
        triedOn,
      }));
      if (isJson) io.out(JSON.stringify(known, undefined, 2));
      else
        for (const { driver, kind, title } of known)
          io.out(`${driver.padEnd(18)} ${kind.padEnd(18)} ${title[io.language]}`);
      return 0;
    }
    const config = configFor(file, io);
    if (!config) return 1;
    const reports = await withDevices(config, io, async (live) => live.all().map(reportOf), {
      isVerbose: values['verbose'] === true,
    });
    if (isJson) io.out(JSON.stringify(reports, undefined, 2));
    else for (const report of reports) for (const line of lines(report, io)) io.out(line);
    return reports.every(({ required, available }) => available || !required) ? 0 : 1;
  },
};
