import { expect, test } from 'vitest';
import { modulesInOrder } from './image.ts';

const dependencies = [
  'kernel/drivers/hid/hid.ko:',
  'kernel/drivers/hid/usbhid/usbhid.ko: kernel/drivers/hid/hid.ko kernel/drivers/usb/core/usbcore.ko',
  'kernel/drivers/usb/core/usbcore.ko: kernel/drivers/usb/common/usb-common.ko',
  'kernel/drivers/usb/common/usb-common.ko:',
  'kernel/fs/9p/9p.ko.xz: kernel/net/9p/9pnet.ko.xz',
  'kernel/net/9p/9pnet.ko.xz:',
  '',
].join('\n');

test('a module comes after everything it needs, and once', () => {
  expect(modulesInOrder(dependencies, ['usbhid', '9p', 'hid'])).toEqual([
    'kernel/drivers/hid/hid.ko',
    'kernel/drivers/usb/common/usb-common.ko',
    'kernel/drivers/usb/core/usbcore.ko',
    'kernel/drivers/hid/usbhid/usbhid.ko',
    'kernel/net/9p/9pnet.ko.xz',
    'kernel/fs/9p/9p.ko.xz',
  ]);
});

test('what is built into the kernel is no module', () => {
  expect(modulesInOrder(dependencies, ['virtio_pci', 'hid'])).toEqual(['kernel/drivers/hid/hid.ko']);
});
