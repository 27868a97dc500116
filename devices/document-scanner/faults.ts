// What a person reads when the scanner is in trouble: standing faults and failure codes of its commands.

import type { FaultTable } from '../kit/status.ts';

export const scannerFaults = {
  scannerMissing: {
    who: 'hall',
    zh: { what: '没有找到扫描仪', todo: '请检查扫描仪的电源和数据线，接好后会自动恢复' },
    en: { what: 'The scanner is not there', todo: 'Check its power and cable; it recovers by itself' },
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
