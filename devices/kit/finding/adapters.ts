// Chips that make a serial port out of USB. Their numbers name the chip and not the device on its other side, so they get rights
// and links from the udev rules but never decide what stands there. Numbers as in the Linux drivers' own tables
// (drivers/usb/serial: ftdi_sio, cp210x, ch341, pl2303).

export type Adapter = { vendorId: number; productId: number; model: string };

export const adapters: readonly Adapter[] = [
  { vendorId: 0x0403, productId: 0x6001, model: 'FTDI FT232' },
  { vendorId: 0x0403, productId: 0x6010, model: 'FTDI FT2232' },
  { vendorId: 0x0403, productId: 0x6011, model: 'FTDI FT4232' },
  { vendorId: 0x0403, productId: 0x6015, model: 'FTDI FT-X' },
  { vendorId: 0x067b, productId: 0x2303, model: 'Prolific PL2303' },
  { vendorId: 0x067b, productId: 0x23a3, model: 'Prolific PL2303GC' },
  { vendorId: 0x10c4, productId: 0xea60, model: 'Silicon Labs CP2102/CP2104' },
  { vendorId: 0x10c4, productId: 0xea70, model: 'Silicon Labs CP2105' },
  { vendorId: 0x10c4, productId: 0xea71, model: 'Silicon Labs CP2108' },
  { vendorId: 0x1a86, productId: 0x5523, model: 'QinHeng CH341' },
  { vendorId: 0x1a86, productId: 0x7523, model: 'QinHeng CH340' },
  { vendorId: 0x1a86, productId: 0x55d3, model: 'QinHeng CH343' },
  { vendorId: 0x1a86, productId: 0x55d4, model: 'QinHeng CH9102' },
];

export const isAdapter = ({ vendorId, productId }: { vendorId: number; productId: number }): boolean =>
  adapters.some((adapter) => adapter.vendorId === vendorId && adapter.productId === productId);
