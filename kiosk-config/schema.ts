// The kiosk's configuration file (kiosk.json), as a schema. Everything that a hall may decide stands here, with defaults that
// let a small file work: who the kiosk is, where central is, which devices sit where.
//
//   kiosk.json ─▶ parse.ts (text, version, all problems at once) ─▶ KioskConfig (defaults filled in) ─▶ composition root
//                     └── this schema ─▶ json-schema.ts ─▶ kiosk.schema.json (completion in editors)

import { z } from 'zod';
import { linkSchema } from '../devices/kit/transport.ts';
import { signedFileSchema } from '../main/contract/bundles.ts';
import { deviceKindSchema } from '../main/contract/devices.ts';
import { textSchema } from '../main/contract/text.ts';
import { tokenAlgorithms, tokenKeySchema } from '../main/contract/tokens.ts';
import { deviceNames, edges, placeLabel } from './device-words.ts';

/** A person needs this long to notice the warning and to touch the screen (WCAG 2.2.1). */
export const leastWarningSec = 20;

export const configVersion = 1;

const filePath = z.string().min(1).max(500);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

const kioskSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9-]{3,40}$/)
    .describe('终端编号，统一受理平台按它识别本机 / number of this kiosk, as central knows it'),
  hallCode: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/)
    .optional()
    .describe('大厅编号，预约码等按它识别本厅 / code of the hall, as signed codes name it'),
  hall: textSchema.describe('大厅名称 / name of the hall'),
  place: textSchema.describe('本机在哪里，印在凭条上 / where the kiosk stands, printed on tickets'),
  askAt: textSchema.describe('有疑问去哪里问（窗口、电话）/ where to ask (counter, telephone)'),
  timeZone: z.string().min(1).default('Asia/Shanghai').describe('IANA 时区 / IANA time zone'),
});

const panelSchema = z
  .strictObject({
    diagonalInch: z.number().min(7).max(100).default(27).describe('屏幕对角线，英寸 / diagonal in inches'),
    widthPx: z
      .int()
      .min(320)
      .max(16384)
      .default(1080)
      .describe('横向像素（竖屏填竖放后的值）/ pixels across, as mounted'),
    heightPx: z.int().min(320).max(16384).default(1920).describe('纵向像素 / pixels down, as mounted'),
    bottomEdgeMm: z
      .int()
      .min(0)
      .max(2000)
      .default(760)
      .describe('屏幕下沿离地高度，毫米 / height of the lower edge above the floor, millimetres'),
  })
  .prefault({});

const windowSchema = z
  .strictObject({
    shell: z.enum(['auto', 'electron', 'chromium']).default('auto').describe('由谁显示画面 / who paints the screens'),
    fullscreen: z.boolean().default(true),
  })
  .prefault({});

const sessionSchema = z
  .strictObject({
    idleWarningSec: z
      .int()
      .min(10)
      .max(3600)
      .default(60)
      .describe('多少秒无人操作后提醒 / seconds without a touch until the warning'),
    idleWipeSec: z
      .int()
      .min(30)
      .max(3600)
      .default(90)
      .describe(
        '多少秒无人操作后清除，至少比提醒晚 20 秒 / seconds until everything is wiped, at least 20 after the warning',
      ),
    goodbyeSec: z.int().min(3).max(120).default(20).describe('告别画面停留秒数 / seconds of the goodbye screen'),
  })
  .prefault({});

const timeOfDay = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/);

const tlsSchema = z
  .strictObject({
    caFile: filePath.describe('签发平台证书的机构，PEM / authority that signed the centre’s certificate, PEM'),
    certFile: filePath.describe('本机证书，PEM / certificate of this kiosk, PEM'),
    keyFile: filePath.describe('本机私钥，PEM，权限 600 / private key of this kiosk, PEM, mode 600'),
    pinSha256: z
      .string()
      .regex(/^[A-Za-z0-9+/]{43}=$/)
      .optional()
      .describe('平台公钥的 SHA-256(SPKI，base64) / SHA-256 of the centre’s public key (SPKI, base64)'),
  })
  .describe('双向 TLS；换了文件不必重启 / mutual TLS; renewed files need no restart');

const centralSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .describe('统一受理平台地址 / address of the central intake API'),
  kioskKey: z
    .string()
    .min(16)
    .max(500)
    .optional()
    .describe('终端密钥（建议改用文件）/ key of this kiosk (a file is better)'),
  kioskKeyFile: filePath.optional().describe('终端密钥所在文件 / file that holds the key of this kiosk'),
  bundleRoot: z
    .union([filePath, signedFileSchema])
    .optional()
    .describe(
      '平台下发内容的根签名文件（路径或内容）；不填则不接收下发 / signed root for what the centre sends down (path or contents); without it nothing is taken',
    ),
  tls: tlsSchema.optional(),
  uploadKbps: z
    .int()
    .min(8)
    .max(1_000_000)
    .optional()
    .describe('扫描件上传限速，千比特每秒；不填不限 / cap on scans in kbit/s; without it there is none'),
  uploadFreeHours: z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .optional()
    .describe('这段时间不限速，可跨午夜 / hours without the cap, over midnight too'),
  requestTimeoutMs: z.int().min(1000).max(120_000).default(15_000),
  retry: z
    .strictObject({
      firstDelayMs: z.int().min(100).max(600_000).default(1000),
      maxDelayMs: z.int().min(1000).max(3_600_000).default(300_000),
    })
    .prefault({}),
});

const storeSchema = z
  .strictObject({
    directory: filePath.default('/var/lib/hall-kiosk').describe('数据目录 / data directory'),
    machineKeyFile: filePath
      .default('/etc/hall-kiosk/machine.key')
      .describe('本机密钥文件，不要放进数据目录 / machine key file, better not beside the data'),
    minFreeMb: z.int().min(50).max(1_000_000).default(500).describe('低于此空间不再收件 / below this no case is taken'),
  })
  .prefault({});

/** `at` runs from the top (left, right) or from the left (top, bottom) of the edge, 0 to 1. */
const placeSchema = z
  .strictObject({
    edge: z.enum(edges).describe('在屏幕哪一边 / side of the screen'),
    at: z.number().min(0).max(1).describe('从上到下或从左到右的位置，0 到 1 / position along that side, 0 to 1'),
    label: textSchema.optional().describe('怎么称呼这个位置，如“右下方的读卡区” / what people call this place'),
  })
  .transform((place) => ({ ...place, label: place.label ?? placeLabel(place.edge, place.at) }));

const deviceSchema = z
  .strictObject({
    id: id.describe('设备编号，日志和控制台使用 / id of the device, for logs and consoles'),
    kind: deviceKindSchema,
    driver: z.string().min(1).max(60).describe('驱动名称 / name of the driver'),
    link: linkSchema
      .optional()
      .describe('怎么连接；由驱动自己连接的不填 / the line; absent where the driver finds its own'),
    settings: z.record(z.string(), z.unknown()).default({}).describe('驱动自己的设置 / the driver’s own settings'),
    required: z.boolean().default(true).describe('缺了它整机算不就绪 / without it the kiosk is not ready'),
    place: placeSchema,
    name: textSchema.optional(),
  })
  .transform((device) => ({ ...device, name: device.name ?? deviceNames[device.kind] }));

const cameraControl = (unit: string) => z.union([z.literal('auto'), z.number()]).describe(unit);

const cameraSchema = z.strictObject({
  labelHint: z.string().min(1).max(200).optional().describe('摄像头名称里包含的字 / part of the camera’s name'),
  usbId: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/)
    .optional()
    .describe('USB 编号 vvvv:pppp，同名摄像头靠它区分 / USB id vvvv:pppp, tells cameras of the same name apart'),
  widthPx: z.int().min(640).max(10_000).optional().describe('拍摄宽度，默认 3840 / width asked for, 3840 by default'),
  heightPx: z.int().min(480).max(10_000).optional().describe('拍摄高度，默认 2160 / height asked for, 2160 by default'),
  rotationDeg: z
    .union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
    .default(0)
    .describe('画面顺时针旋转的角度 / degrees clockwise by which the picture is turned'),
  focus: cameraControl(
    '对焦："auto" 或摄像头自己的刻度值 / focus: "auto" or a value in the camera’s own scale',
  ).optional(),
  exposure: cameraControl('曝光："auto" 或 100 微秒的倍数 / exposure: "auto" or multiples of 100 µs').optional(),
  whiteBalance: cameraControl('白平衡："auto" 或色温（K）/ white balance: "auto" or kelvin').optional(),
  place: placeSchema,
});

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const spansSchema = z
  .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
  .max(6)
  .default([]);

const hoursSchema = z.union([
  z.literal('always'),
  z.strictObject({
    mon: spansSchema,
    tue: spansSchema,
    wed: spansSchema,
    thu: spansSchema,
    fri: spansSchema,
    sat: spansSchema,
    sun: spansSchema,
  }),
]);

const queueSchema = z
  .strictObject({
    ticketHeader: textSchema.optional().describe('号票抬头，默认用大厅名称 / heading of tickets, else the hall'),
    businesses: z
      .array(
        z.strictObject({
          code: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
          name: textSchema,
          prefix: z
            .string()
            .regex(/^[A-Z]$/)
            .describe('号票字母 / letter on the ticket'),
          hours: hoursSchema
            .default('always')
            .describe('取号时间:"always" 或每天的时段 / "always" or spans per weekday'),
          counters: z.int().min(1).max(200).default(1).describe('窗口数 / counters'),
          averageServiceSec: z
            .int()
            .min(10)
            .max(36_000)
            .default(600)
            .describe('平均办理秒数 / average seconds a person'),
        }),
      )
      .max(26)
      .default([]),
  })
  .prefault({});

const lockerSchema = z
  .strictObject({
    cells: z
      .array(
        z.strictObject({
          cell: z.int().min(1).max(2000).describe('锁控板上的格口号 / number of the cell at the board'),
          label: z.string().min(1).max(12).describe('柜门上印的字 / what the door says'),
          size: z.enum(['small', 'medium', 'large']).default('medium'),
        }),
      )
      .max(500)
      .default([]),
    keepDays: z.int().min(1).max(60).default(7).describe('保管天数 / days that originals are kept'),
  })
  .prefault({});

const tokensSchema = z
  .strictObject({
    algorithms: z
      .array(z.enum(tokenAlgorithms))
      .min(1)
      .default([...tokenAlgorithms])
      .describe('接受的签名算法 / signature algorithms that are accepted'),
    issuers: z
      .array(tokenKeySchema)
      .max(50)
      .default([])
      .describe('预约码、取件码的签发方公钥 / public keys of those who issue codes'),
  })
  .prefault({})
  .describe('不联网也能核验的二维码 / codes that are verified without a network');

const staffSchema = z
  .strictObject({
    firstAccounts: z
      .array(
        z.strictObject({
          account: z.string().regex(/^[a-z0-9._-]{2,32}$/),
          name: z.string().min(1).max(40),
          role: z.enum(['manager', 'technician']),
          pinHash: z
            .string()
            .max(300)
            .regex(/^\$argon2id\$/)
            .describe('PIN 的 argon2id 摘要 / argon2id hash of the PIN'),
        }),
      )
      .max(50)
      .default([])
      .describe('首次启动时建立的账号，以后以数据库为准 / accounts made at the first start; later the store decides'),
  })
  .prefault({});

export const kioskConfigSchema = z.strictObject({
  $schema: z.string().max(500).optional().describe('给编辑器用 / for editors'),
  version: z.literal(configVersion),
  kiosk: kioskSchema,
  panel: panelSchema,
  window: windowSchema,
  session: sessionSchema,
  central: centralSchema,
  store: storeSchema,
  devices: z.array(deviceSchema).max(50).default([]),
  camera: cameraSchema.optional().describe('页面里的高拍仪 / document camera that the page opens'),
  queue: queueSchema,
  locker: lockerSchema,
  tokens: tokensSchema,
  printing: z
    .strictObject({
      paperWidthMm: z
        .union([z.literal(58), z.literal(80)])
        .default(80)
        .describe('纸宽，毫米 / width of the paper roll'),
      encoding: z
        .enum(['gbk', 'gb18030'])
        .default('gbk')
        .describe('打印机字库；拿不准就用 gbk / character ROM of the printer; gbk is safe'),
    })
    .prefault({}),
  rating: z
    .strictObject({
      padFirst: z.boolean().default(true).describe('先用评价器，没有再用屏幕 / the pad first, else the screen'),
      timeoutSec: z.int().min(5).max(300).default(30),
    })
    .prefault({}),
  staff: staffSchema,
  consoles: z
    .strictObject({
      pinFailuresBeforeLock: z.int().min(3).max(20).default(5),
      lockMinutes: z.int().min(1).max(1440).default(15),
      sessionMinutes: z.int().min(1).max(240).default(10),
    })
    .prefault({}),
  services: z
    .strictObject({
      announcement: textSchema.optional().describe('首屏通知 / notice on the first screen'),
      hide: z
        .array(z.string().regex(/^[A-Z0-9-]{3,40}$/))
        .max(500)
        .default([])
        .describe('本机不办的事项编码 / codes of items that this kiosk does not offer'),
    })
    .prefault({}),
  training: z
    .strictObject({ dockUrl: z.url({ protocol: /^https?$/ }).max(300) })
    .optional()
    .describe('仅培训和演示：设备面板地址 / training and demo only: address of the device dock'),
  logging: z
    .strictObject({
      directory: filePath.default('/var/log/hall-kiosk'),
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    })
    .prefault({}),
});

export type KioskConfig = z.output<typeof kioskConfigSchema>;
export type DeviceConfig = KioskConfig['devices'][number];
export type QueueBusiness = KioskConfig['queue']['businesses'][number];
export type LockerCell = KioskConfig['locker']['cells'][number];
