// A HID report descriptor → where each field lies in each report (USB HID 1.11, chapters 5.2 to 5.8 and 6.2.2). Pure; what the
// usages mean is the driver's business.
//
//   05 8C  usage page   ─┐
//   85 02  report number ├─ global: stay in force until changed; A4 and B4 push and pop them
//   75 08 95 38          ─┘  size in bits, count
//   09 FE  usage         ─── local: for the next main item only
//   82 02 01  input      ─── main: so many fields of that size, right behind the last ones of that report

export type ReportKind = 'input' | 'output' | 'feature';

export type HidField = {
  kind: ReportKind;
  /** 0 where the device does not number its reports. */
  reportId: number;
  usagePage: number;
  usage: number;
  /** From the start of the report as hidraw gives and takes it: the number of the report is byte 0 where there is one. */
  bitOffset: number;
  /** Of one element. */
  bits: number;
  /** More than one where several elements share the usage, e.g. the bytes of a buffer. */
  count: number;
};

export type HidReports = {
  fields: readonly HidField[];
  /** Reports begin with their number. */
  isNumbered: boolean;
  /** Bytes of a report, its number included; 0 where it does not exist. */
  byteLength(kind: ReportKind, reportId: number): number;
};

/** Longer descriptors, and fields of more elements, are not believed. The kernel's own limits are 4096 and 12,288 bits. */
const longestDescriptor = 4096;
const mostElements = 65_535;
const mostUsages = 1024;

type Globals = { usagePage: number; reportId: number; bits: number; count: number };
type Locals = { usages: { page: number; usage: number }[]; minimum: number | undefined };

const kinds: ReadonlyMap<number, ReportKind> = new Map([
  [0x80, 'input'],
  [0x90, 'output'],
  [0xb0, 'feature'],
]);

const isConstant = (flags: number): boolean => (flags & 0x01) !== 0;

/** Undefined where the bytes are no descriptor: cut short, absurdly large, or without a single field. */
export const parseHidDescriptor = (descriptor: Uint8Array): HidReports | undefined => {
  if (descriptor.length > longestDescriptor) return undefined;
  const fields: HidField[] = [];
  const ends = new Map<string, number>();
  const stack: Globals[] = [];
  let globals: Globals = { usagePage: 0, reportId: 0, bits: 0, count: 0 };
  let locals: Locals = { usages: [], minimum: undefined };
  let isNumbered = false;

  const usageOf = (value: number, bytes: number): { page: number; usage: number } =>
    bytes === 4 ? { page: value >>> 16, usage: value & 0xffff } : { page: globals.usagePage, usage: value };

  const addFields = (kind: ReportKind, flags: number): void => {
    const { reportId, bits, count } = globals;
    const key = `${kind} ${reportId}`;
    const start = ends.get(key) ?? (reportId === 0 ? 0 : 8);
    ends.set(key, start + bits * count);
    if (isConstant(flags)) return;
    const { usages } = locals;
    const own = Math.min(Math.max(usages.length - 1, 0), count);
    const add = (index: number, elements: number): void => {
      const { page, usage } = usages[index] ?? { page: globals.usagePage, usage: 0 };
      const bitOffset = start + bits * index;
      fields.push({ kind, reportId, usagePage: page, usage, bitOffset, bits, count: elements });
    };
    // The last usage is for all elements that are left (6.2.2.8).
    for (let index = 0; index < own; index += 1) add(index, 1);
    if (count > own) add(own, count - own);
  };

  const onItem = (tag: number, value: number, bytes: number): boolean => {
    const kind = kinds.get(tag);
    if (kind !== undefined) {
      addFields(kind, value);
      locals = { usages: [], minimum: undefined };
      return true;
    }
    switch (tag) {
      case 0xa0: // collection
      case 0xc0: // end of collection
        locals = { usages: [], minimum: undefined };
        return true;
      case 0x04:
        globals = { ...globals, usagePage: value };
        return true;
      case 0x74:
        globals = { ...globals, bits: value };
        return value <= 256;
      case 0x84:
        globals = { ...globals, reportId: value };
        isNumbered = true;
        return value > 0 && value <= 255;
      case 0x94:
        globals = { ...globals, count: value };
        return value <= mostElements;
      case 0xa4:
        stack.push(globals);
        return stack.length <= 16;
      case 0xb4: {
        const last = stack.pop();
        if (last) globals = last;
        return last !== undefined;
      }
      case 0x08:
        locals.usages.push(usageOf(value, bytes));
        return locals.usages.length <= mostUsages;
      case 0x18:
        locals.minimum = value;
        return true;
      case 0x28: {
        const from = locals.minimum ?? value;
        if (value < from || value - from >= mostUsages) return false;
        for (let usage = from; usage <= value; usage += 1) locals.usages.push(usageOf(usage, bytes));
        locals.minimum = undefined;
        return locals.usages.length <= mostUsages;
      }
      default:
        return true;
    }
  };

  let at = 0;
  while (at < descriptor.length) {
    const prefix = descriptor[at] ?? 0;
    if (prefix === 0xfe) {
      // A long item: its size is the next byte; none is defined.
      at += 3 + (descriptor[at + 1] ?? 0);
      continue;
    }
    const bytes = [0, 1, 2, 4][prefix & 0x03] ?? 0;
    if (at + 1 + bytes > descriptor.length) return undefined;
    let value = 0;
    for (let index = bytes; index > 0; index -= 1) value = value * 256 + (descriptor[at + index] ?? 0);
    if (!onItem(prefix & 0xfc, value, bytes)) return undefined;
    at += 1 + bytes;
  }
  if (fields.length === 0) return undefined;
  return {
    fields,
    isNumbered,
    byteLength: (kind, reportId) => Math.ceil((ends.get(`${kind} ${reportId}`) ?? 0) / 8),
  };
};
