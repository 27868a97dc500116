import { expect, test } from 'vitest';
import { registry } from '../../registry.ts';
import { udevRules } from './udev-rules.ts';

const own = {
  vendorId: 0x0c2e,
  productId: 0x0b61,
  subsystem: 'hidraw',
  kind: 'qr-reader',
  model: 'Honeywell',
} as const;
const dataLines = (rules: string): string[] => rules.split('\n').filter((line) => line.includes('ENV{HALL_KIND}="'));

test('every model that a driver names has a line', () => {
  const text = udevRules(registry);
  for (const { vendorId, productId } of registry.flatMap(({ usb = [] }) => usb)) {
    const [vendor, product] = [vendorId, productId].map((number) => number.toString(16).padStart(4, '0'));
    expect(text.toLowerCase()).toMatch(
      new RegExp(`"${vendor}", attrs\\{idproduct\\}=="${product}"|:${vendor}:${product}\\.`),
    );
  }
});

test('a HID device is matched by its bus name in capitals, for its node and its keyboard', () => {
  expect(dataLines(udevRules([], [own]))).toContain(
    'SUBSYSTEM=="hidraw|input", KERNELS=="0003:0C2E:0B61.*", ENV{HALL_KIND}="qr-reader"',
  );
});

test('a built-in port is matched by its node: nothing else names it', () => {
  expect(dataLines(udevRules([], [{ subsystem: 'tty', node: 'ttyS1', kind: 'locker', model: 'board' }]))).toContain(
    'SUBSYSTEM=="tty", KERNEL=="ttyS1", ENV{HALL_KIND}="locker"',
  );
});

test('numbers that two kinds share get one line and a name that claims neither', () => {
  const lines = dataLines(udevRules([], [own, { ...own, kind: 'rating-pad' }])).filter((line) => line.includes('0C2E'));
  expect(lines).toEqual(['SUBSYSTEM=="hidraw|input", KERNELS=="0003:0C2E:0B61.*", ENV{HALL_KIND}="hid"']);
});

test('nobody but the group gets in, and every line is within udev’s grammar', () => {
  const text = udevRules(registry, [own]);
  expect(text).toContain('GROUP="hall-kiosk", MODE="0660"');
  expect(text).not.toMatch(/MODE="0666"|uaccess/);
  for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#')))
    for (const part of line.split(', ')) expect(part).toMatch(/^[A-Z]+(\{[A-Za-z_./]+\})?(==|!=|=|\+=)"[^"]*"$/);
});

test('a model’s name cannot break out of its comment', () => {
  const lines = udevRules([], [{ ...own, model: 'Bad\nRUN+="x"' }]).split('\n');
  expect(lines.some((line) => line.startsWith('RUN'))).toBe(false);
});
