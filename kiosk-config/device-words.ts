// Words that a configuration may leave out: what a device is called and where it sits around the screen.
// The schema fills them in, so that everything behind it can rely on a name and a label in both languages.

import type { DeviceKind } from '../devices/kit/status.ts';

type Text = { zh: string; en: string };

export const deviceNames: Record<DeviceKind, Text> = {
  'id-card-reader': { zh: '身份证阅读器', en: 'ID card reader' },
  'qr-reader': { zh: '扫码器', en: 'QR code reader' },
  'ticket-printer': { zh: '凭条打印机', en: 'Ticket printer' },
  'rating-pad': { zh: '评价器', en: 'Rating pad' },
  locker: { zh: '文件存取柜', en: 'Document locker' },
  'document-scanner': { zh: '文件扫描仪', en: 'Document scanner' },
};

export const edges = ['left', 'right', 'bottom', 'top'] as const;
export type Edge = (typeof edges)[number];

/** Three stretches of an edge; `at` runs from the top (left, right) or from the left (top, bottom). */
const placeLabels: Record<Edge, readonly [Text, Text, Text]> = {
  left: [
    { zh: '屏幕左侧上方', en: 'upper left of the screen' },
    { zh: '屏幕左侧中间', en: 'left of the screen' },
    { zh: '屏幕左侧下方', en: 'lower left of the screen' },
  ],
  right: [
    { zh: '屏幕右侧上方', en: 'upper right of the screen' },
    { zh: '屏幕右侧中间', en: 'right of the screen' },
    { zh: '屏幕右侧下方', en: 'lower right of the screen' },
  ],
  bottom: [
    { zh: '屏幕下方左侧', en: 'below the screen, on the left' },
    { zh: '屏幕正下方', en: 'below the screen' },
    { zh: '屏幕下方右侧', en: 'below the screen, on the right' },
  ],
  top: [
    { zh: '屏幕上方左侧', en: 'above the screen, on the left' },
    { zh: '屏幕正上方', en: 'above the screen' },
    { zh: '屏幕上方右侧', en: 'above the screen, on the right' },
  ],
};

/** The words for a place that the configuration gives only as a position. */
export const placeLabel = (edge: Edge, at: number): Text => {
  const [start, middle, end] = placeLabels[edge];
  if (at < 1 / 3) return start;
  return at > 2 / 3 ? end : middle;
};
