// Where an input report of a HID POS reader holds the code: read from the report descriptor, or one of the layouts that makers
// print in their manuals. Usages of page 8C: HID Point of Sale Usage Tables 1.02, chapter 3.

import type { HidField, HidReports } from '../../kit/hid-descriptor.ts';

export const barcodePage = 0x8c;
const desktopPage = 0x01;
export const usages = {
  byteCount: 0x3b,
  preventRead: 0x5f,
  initiateRead: 0x60,
  symbology1: 0xfb,
  symbology3: 0xfd,
  decodedData: 0xfe,
  dataContinued: 0xff,
} as const;

/** Offsets in bytes from the start of the report; the report's number, where there is one, is byte 0. */
export type ScanLayout = {
  /** 0: reports are not numbered. */
  reportId: number;
  dataAt: number;
  dataLength: number;
  /** How many of the data bytes count; absent: all up to the zeros at the end. */
  countAt?: number;
  /** The three characters of the AIM identifier, where the reader tells it. */
  symbologyAt: readonly number[];
  /** Set when the same code goes on in the next report; absent: a code never does. */
  more?: { at: number; mask: number };
};

/** 64 bytes: number, count, AIM identifier, 56 bytes, further identifier, reserved, more (Access-IS LSR118 manual, appendix B). */
const aimFirst: ScanLayout = {
  reportId: 2,
  countAt: 1,
  symbologyAt: [2, 3, 4],
  dataAt: 5,
  dataLength: 56,
  more: { at: 63, mask: 0x01 },
};

/** 64 bytes: number, count, 56 bytes, 4 reserved, maker's identifier, more (IDTech FX100, Unitech MS842N and Saveo manuals). */
const dataFirst: ScanLayout = {
  reportId: 2,
  countAt: 1,
  symbologyAt: [],
  dataAt: 2,
  dataLength: 56,
  more: { at: 63, mask: 0x01 },
};

export const namedLayouts = { aimFirst, dataFirst } as const;

const isWholeBytes = (field: HidField): boolean => field.bits === 8 && field.bitOffset % 8 === 0;

/** Undefined where no input report holds decoded data, or holds it in another way than bytes. */
export const layoutOf = ({ fields }: HidReports): ScanLayout | undefined => {
  const data = fields.find(
    (field) =>
      field.kind === 'input' &&
      field.usagePage === barcodePage &&
      field.usage === usages.decodedData &&
      isWholeBytes(field) &&
      field.count > 1,
  );
  if (!data) return undefined;
  const own = fields.filter((field) => field.kind === 'input' && field.reportId === data.reportId);
  const count = own.find(
    (field) => field.usagePage === desktopPage && field.usage === usages.byteCount && isWholeBytes(field),
  );
  const more = own.find((field) => field.usagePage === barcodePage && field.usage === usages.dataContinued);
  const symbologyAt = own
    .filter(
      (field) =>
        field.usagePage === barcodePage &&
        field.usage >= usages.symbology1 &&
        field.usage <= usages.symbology3 &&
        isWholeBytes(field),
    )
    .flatMap((field) => Array.from({ length: Math.min(field.count, 3) }, (_, index) => field.bitOffset / 8 + index));
  return {
    reportId: data.reportId,
    dataAt: data.bitOffset / 8,
    dataLength: data.count,
    ...(count ? { countAt: count.bitOffset / 8 } : {}),
    symbologyAt: symbologyAt.length === 3 ? symbologyAt : [],
    ...(more ? { more: { at: Math.floor(more.bitOffset / 8), mask: 1 << (more.bitOffset % 8) } } : {}),
  };
};

export type ScanReport = { data: Uint8Array; symbology?: string; hasMore: boolean };

/** One report taken apart, or why it holds no part of a code. */
export const readScanReport = (
  layout: ScanLayout,
  report: Uint8Array,
): ScanReport | 'otherReport' | 'shortReport' | 'wrongCount' => {
  if (layout.reportId !== 0 && report[0] !== layout.reportId) return 'otherReport';
  const { more } = layout;
  if (report.length < layout.dataAt || (more && report.length <= more.at)) return 'shortReport';
  const room = report.subarray(layout.dataAt, layout.dataAt + layout.dataLength);
  let count = layout.countAt === undefined ? room.length : (report[layout.countAt] ?? 0);
  if (count > room.length) return 'wrongCount';
  if (layout.countAt === undefined) while (count > 0 && room[count - 1] === 0) count -= 1;
  const symbology = String.fromCharCode(...layout.symbologyAt.map((at) => report[at] ?? 0));
  return {
    data: room.slice(0, count),
    ...(/^\][A-Za-z][0-9A-Za-z]$/.test(symbology) ? { symbology } : {}),
    hasMore: more !== undefined && ((report[more.at] ?? 0) & more.mask) !== 0,
  };
};
