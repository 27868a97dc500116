// What a person reads when the scanner is in trouble: standing faults and failure codes of its commands.

import type { Who } from '../kit/result.ts';
import type { FaultTable } from '../kit/status.ts';
import type { CutShort } from './api.ts';

export const scannerFaults = {
  scannerMissing: {
    who: 'hall',
    zh: { what: '没有找到扫描仪', todo: '请检查扫描仪的电源和数据线，接好后会自动恢复' },
    en: { what: 'The scanner is not there', todo: 'Check its power and cable; it recovers by itself' },
  },
  severalScanners: {
    who: 'engineer',
    zh: { what: '有几台扫描仪符合设置', todo: '请在设置里写得更具体，或直接填写 SANE 设备名' },
    en: {
      what: 'Several scanners fit the settings',
      todo: 'Say more in the settings, or give the SANE device name itself',
    },
  },
  scanimageMissing: {
    who: 'engineer',
    zh: { what: '本机没有安装扫描程序 scanimage', todo: '请安装软件包 sane-utils' },
    en: { what: 'The program scanimage is not installed', todo: 'Install the package sane-utils' },
  },
  scanimageHangs: {
    who: 'engineer',
    zh: { what: '扫描程序没有反应', todo: '请给扫描仪断电再上电；SANE 设置里只保留本机用到的驱动' },
    en: {
      what: 'The scanning program does not come back',
      todo: 'Power the scanner off and on; keep only the backend in use in the SANE settings',
    },
  },
  jammed: {
    who: 'hall',
    zh: { what: '扫描仪卡纸', todo: '请打开盖子，轻轻取出卡住的纸，再试一次' },
    en: { what: 'Paper is jammed in the scanner', todo: 'Open the cover, take the sheet out gently and try again' },
  },
  feederEmpty: {
    who: 'citizen',
    zh: { what: '进纸口没有纸', todo: '请把材料放进进纸口，再按开始' },
    en: { what: 'There is no paper in the feeder', todo: 'Put your papers into the feeder and start again' },
  },
  coverOpen: {
    who: 'citizen',
    zh: { what: '扫描仪的盖子开着', todo: '请盖好盖子再试' },
    en: { what: 'The scanner’s cover is open', todo: 'Close the cover and try again' },
  },
  busy: {
    who: 'system',
    zh: { what: '扫描仪正忙', todo: '请稍候再试' },
    en: { what: 'The scanner is busy', todo: 'Wait a moment and try again' },
  },
  ioError: {
    who: 'engineer',
    zh: { what: '与扫描仪的通信出错', todo: '请检查数据线，给扫描仪断电再上电' },
    en: { what: 'Talking to the scanner failed', todo: 'Check the cable; power the scanner off and on' },
  },
  accessDenied: {
    who: 'engineer',
    zh: { what: '没有权限使用扫描仪', todo: '请把服务账号加入 scanner 用户组，或检查 udev 规则' },
    en: {
      what: 'No permission to use the scanner',
      todo: 'Add the service account to the group scanner, or check udev',
    },
  },
  noMemory: {
    who: 'engineer',
    zh: { what: '内存不足，扫描没有完成', todo: '请降低分辨率，或重启本机' },
    en: { what: 'Not enough memory for the scan', todo: 'Use a lower resolution or restart the machine' },
  },
  optionRefused: {
    who: 'engineer',
    zh: { what: '扫描仪不接受设置里的参数', todo: '请检查扫描仪设置里的附加参数' },
    en: { what: 'The scanner refuses an option from the settings', todo: 'Check the extra arguments in the settings' },
  },
  stackJammed: {
    who: 'hall',
    zh: { what: '扫到一半卡纸了，前面扫好的页已经保留', todo: '请取出卡住的纸，从没有扫到的那一页起继续放' },
    en: {
      what: 'Paper jammed in the middle; the pages before it are kept',
      todo: 'Take the jammed sheet out and go on with the first page that is missing',
    },
  },
  stackCoverOpen: {
    who: 'citizen',
    zh: { what: '扫描中盖子被打开，前面扫好的页已经保留', todo: '请盖好盖子，从没有扫到的那一页起继续放' },
    en: {
      what: 'The cover was opened in the middle; the pages before it are kept',
      todo: 'Close the cover and go on with the first page that is missing',
    },
  },
  stackBrokenOff: {
    who: 'hall',
    zh: { what: '扫描中断了，前面扫好的页已经保留', todo: '请核对已有的页，缺的再扫一次' },
    en: {
      what: 'The scan broke off; the pages before it are kept',
      todo: 'Check the pages that are there and scan the missing ones again',
    },
  },
  scannerSilent: {
    who: 'hall',
    zh: { what: '扫描仪没有应答', todo: '请给扫描仪断电再上电，检查网线' },
    en: { what: 'The scanner does not answer', todo: 'Power the scanner off and on; check its network cable' },
  },
  scannerStopped: {
    who: 'hall',
    zh: { what: '扫描仪停下了，要人处理', todo: '请看扫描仪自己的屏幕或指示灯，按提示处理' },
    en: {
      what: 'The scanner has stopped and wants attention',
      todo: 'Look at the scanner’s own panel and do what it says',
    },
  },
  notEscl: {
    who: 'engineer',
    zh: { what: '这个地址上的不是 eSCL 扫描仪', todo: '请核对设置里的地址；扫描仪的网页里要打开 AirPrint 扫描' },
    en: {
      what: 'What answers at this address is no eSCL scanner',
      todo: 'Check the address in the settings; AirPrint scanning must be switched on in the scanner’s own pages',
    },
  },
  wrongCertificate: {
    who: 'engineer',
    zh: { what: '扫描仪的证书不是设置里的那一个', todo: '请核对设备没有被换过，再更新设置里的证书指纹' },
    en: {
      what: 'The scanner’s certificate is not the one in the settings',
      todo: 'Make sure that the device was not exchanged, then update the fingerprint in the settings',
    },
  },
  lampStill: {
    who: 'engineer',
    zh: { what: '扫描灯没有走动', todo: '请检查扫描仪的运输锁和传动带' },
    en: { what: 'The lamp did not move', todo: 'Check the scanner’s transport lock and its belt' },
  },
  notPrepared: {
    who: 'engineer',
    zh: { what: '没有放好试扫的纸', todo: '请放好纸再做这项检查' },
    en: { what: 'There was no sheet for the test', todo: 'Put a sheet there and run the check again' },
  },
  tempFolderFailed: {
    who: 'engineer',
    zh: { what: '不能建立临时文件夹', todo: '请检查磁盘空间和临时目录的权限' },
    en: {
      what: 'The temporary folder cannot be made',
      todo: 'Check disk space and the temporary folder’s permissions',
    },
  },
} as const satisfies FaultTable;

export type ScanFaultCode = keyof typeof scannerFaults;

export const whoOf = (code: ScanFaultCode): Who => scannerFaults[code].who;

const endsOfStack: Readonly<Partial<Record<ScanFaultCode, CutShort['code']>>> = {
  jammed: 'stackJammed',
  coverOpen: 'stackCoverOpen',
};

/** What a fault in the middle of a stack is called when whole pages came before it. */
export const cutShortBy = (fault: ScanFaultCode): CutShort => {
  const code = endsOfStack[fault] ?? 'stackBrokenOff';
  return { code, who: whoOf(code) };
};
