// What is found, in words.

import type { IdentifyResult } from '../../devices/kit/finding/identify.ts';
import type { PortUse } from '../../devices/kit/finding/ports.ts';
import { commonFaults, faultOfOpenFailure } from '../../devices/kit/status.ts';
import type { Language, Text } from '../contract/text.ts';

export const stateWords: Readonly<Record<PortUse['state'], Text>> = {
  assigned: { zh: '已分配', en: 'assigned' },
  unassigned: { zh: '未分配', en: 'unassigned' },
  missing: { zh: '缺失', en: 'missing' },
};

const confidenceWords: Readonly<Record<'answered' | 'spoke' | 'numbers' | 'usage', Text>> = {
  answered: { zh: '它回答了该驱动的询问', en: 'it answered this driver’s question' },
  spoke: { zh: '它自己发来了消息', en: 'it said so by itself' },
  numbers: { zh: '只看 USB 编号，没有得到应答', en: 'by its USB numbers only, it answered nothing' },
  usage: { zh: '只看 HID 用途，没有询问', en: 'by its HID usage only, it was not asked' },
};

/** One result in lines for a person. */
export const identifyWords = (result: IdentifyResult, language: Language): string[] => {
  const isZh = language === 'zh';
  switch (result.outcome) {
    case 'recognised':
    case 'named': {
      const model = result.outcome === 'named' ? result.model : result.identity.model;
      const how = confidenceWords[result.confidence][language];
      return result.suggestions.map(({ driver, kind, title, link }) => {
        const rate = link.type === 'serial' && link.baudRate !== undefined ? `, ${link.baudRate}` : '';
        return `→ ${title[language]}  (${kind}, ${driver}${rate})${model === undefined ? '' : `  ${model}`}  ${how}`;
      });
    }
    case 'unknown':
      return [
        isZh
          ? `不认识：问了 ${result.asked} 次，收到 ${result.heardBytes} 字节`
          : `unknown: ${result.asked} question(s) asked, ${result.heardBytes} byte(s) heard`,
      ];
    case 'cannotOpen': {
      const { code } = faultOfOpenFailure(result.reason);
      const text = commonFaults[code]?.[language];
      return [text ? `${text.what}${isZh ? ';' : '; '}${text.todo}` : result.message];
    }
    case 'gone':
      return [isZh ? '询问时断开了' : 'it went away while being asked'];
    case 'canceled':
      return [isZh ? '已取消' : 'canceled'];
    case 'assigned':
      return [isZh ? '已分配给设备，没有询问' : 'a device has it; it was not asked'];
    default:
      return result satisfies never;
  }
};
