// What the fixtures of the case screens share: one hall, one long bundle, one person (invented, numbers masked or from test ranges).

import type { DevicePlace, FaultView } from '../../main/contract/devices.ts';
import type { Material } from '../../main/contract/catalogue.ts';
import type { Text } from '../../main/contract/text.ts';
import type { MaterialState, Screen, View } from '../../main/contract/view.ts';

export type Fixture = { name: string; view: View };

const stepTitles: Text[] = [
  { zh: '看清要求', en: 'What you need' },
  { zh: '确认身份', en: 'Identify' },
  { zh: '填表', en: 'Form' },
  { zh: '交材料', en: 'Documents' },
  { zh: '核对签名', en: 'Check and sign' },
  { zh: '拿回执', en: 'Receipt' },
];

/** Sunday 22 November 2026, 03:07 in the machine's time zone: the hour at which nobody is there to ask. */
export const nightMs = new Date(2026, 10, 22, 3, 7).getTime();

export const view = (name: string, screen: Screen, step?: number, change: Partial<View> = {}): Fixture => ({
  name,
  view: {
    revision: 1,
    visitKey: 'gallery',
    language: 'zh',
    mode: 'standard',
    hall: { zh: '鄂州市政务服务中心24小时自助服务区', en: 'Ezhou Government Service Centre, 24-hour Zone' },
    nowMs: nightMs,
    isOnline: true,
    waitingToSend: 0,
    panel: { pxPerMm: 3.2, orientation: 'portrait' },
    ...(step === undefined ? {} : { progress: { index: step, total: stepTitles.length, titles: stepTitles } }),
    screen,
    ...change,
  },
});

export const departments = {
  market: { zh: '市场监督管理局', en: 'Market Regulation Bureau' },
  police: { zh: '公安局', en: 'Public Security Bureau' },
  urban: { zh: '住房和城乡建设局（城管）', en: 'Housing and Urban-Rural Development Bureau (Urban Management)' },
  ecology: { zh: '生态环境局', en: 'Ecology and Environment Bureau' },
  emergency: { zh: '应急管理局', en: 'Emergency Management Bureau' },
  tax: { zh: '税务局', en: 'Tax Service' },
} as const satisfies Record<string, Text>;

export const restaurant: Text = { zh: '我要开饭店', en: 'Open a restaurant' };

export const places = {
  card: { edge: 'right', at: 0.8, label: { zh: '屏幕右下方的读卡区', en: 'the card area at the lower right' } },
  qr: { edge: 'bottom', at: 0.3, label: { zh: '屏幕下方的扫码口', en: 'the code window below the screen' } },
  scanner: { edge: 'left', at: 0.7, label: { zh: '屏幕左侧的扫描仪', en: 'the scanner left of the screen' } },
  camera: {
    edge: 'bottom',
    at: 0.7,
    label: { zh: '屏幕下方台面的拍摄区', en: 'the photo area on the ledge below the screen' },
  },
  locker: {
    edge: 'right',
    at: 0.3,
    label: { zh: '屏幕右侧的文件存取柜', en: 'the document locker right of the screen' },
  },
  printer: { edge: 'bottom', at: 0.5, label: { zh: '屏幕下方的出票口', en: 'the paper slot below the screen' } },
  pad: { edge: 'right', at: 0.5, label: { zh: '屏幕右侧的评价器', en: 'the rating pad right of the screen' } },
} as const satisfies Record<string, DevicePlace>;

export const faults = {
  paperOut: {
    code: 'paperOut',
    who: 'hall',
    what: { zh: '凭条打印机没有纸了', en: 'The ticket printer is out of paper' },
    todo: {
      zh: '已通知大厅工作人员换纸，换好后会自动接着打印',
      en: 'Hall staff have been told; it prints by itself once paper is loaded',
    },
  },
  cutterStuck: {
    code: 'cutterJam',
    who: 'engineer',
    what: { zh: '切纸刀卡住了', en: 'The paper cutter is stuck' },
    todo: {
      zh: '已报修。请用手机拍下屏幕上的回执',
      en: 'Repair has been ordered. Please photograph the receipt on the screen',
    },
  },
  codeNotRecognised: {
    code: 'codeNotRecognised',
    who: 'citizen',
    what: { zh: '这个二维码不是这份材料的', en: 'This is not the code of this document' },
    todo: { zh: '请出示通知书上的二维码，再扫一次', en: 'Show the QR code printed on the notice and scan again' },
  },
  notInLibrary: {
    code: 'notInLibrary',
    who: 'citizen',
    what: { zh: '电子证照库里没有查到', en: 'The library does not hold it' },
    todo: { zh: '请改用拍照或扫描提交', en: 'Please photograph or scan it instead' },
  },
  scannerJam: {
    code: 'feederJam',
    who: 'citizen',
    what: { zh: '纸卡在扫描仪的进纸口', en: 'Paper is stuck in the scanner’s feeder' },
    todo: { zh: '请打开上盖，轻轻抽出纸，再扫一次', en: 'Open the lid, pull the sheet out gently and scan again' },
  },
  doorStuck: {
    code: 'doorDidNotOpen',
    who: 'hall',
    what: { zh: '柜门没有弹开', en: 'The door did not open' },
    todo: {
      zh: '请再试一次；还是打不开，请把原件交到一楼咨询台',
      en: 'Try again; if it stays shut, hand the originals to the desk on floor 1',
    },
  },
  depositNotStored: {
    code: 'depositNotStored',
    who: 'engineer',
    what: {
      zh: '柜门关好了，但没有登记成功，取件码暂时打不开这个柜门',
      en: 'The door is shut, but the deposit could not be recorded: the code does not open this door yet',
    },
    todo: {
      zh: '请再试一次；仍不行，请记下柜门号并联系工作人员，材料由工作人员取出',
      en: 'Try again. If it still fails, note the cell and call staff, who take the papers out',
    },
  },
  signedTextChanged: {
    code: 'signedTextChanged',
    who: 'citizen',
    what: { zh: '内容改过了，需要重新签名', en: 'The text has changed since it was signed' },
    todo: { zh: '请核对后再签一次', en: 'Please check it and sign again' },
  },
  storeFailed: {
    code: 'storeFailed',
    who: 'engineer',
    what: { zh: '没有保存成功', en: 'It could not be saved' },
    todo: {
      zh: '您填写的内容还在，请再试一次；仍不行请联系工作人员',
      en: 'What you entered is kept. Try again, or call staff',
    },
  },
} as const satisfies Record<string, FaultView>;

const material = (
  id: string,
  name: Text,
  detail: Text,
  picture: Material['picture'],
  ways: Material['ways'],
  pages: Material['pages'],
  change: Partial<Material> = {},
): Material => ({ id, name, detail, picture, ways, pages, required: true, original: false, ...change });

export const materials = {
  nameNotice: material(
    'nameNotice',
    { zh: '企业名称自主申报告知书', en: 'Business name reservation notice' },
    {
      zh: '网上申报名称后得到的告知书，扫上面的二维码',
      en: 'The notice you got after reserving the name online; its QR code is scanned',
    },
    'qrCode',
    ['qr', 'camera'],
    { min: 1, max: 2 },
  ),
  lease: material(
    'lease',
    {
      zh: '经营场所使用证明（房屋租赁合同或不动产权证书）',
      en: 'Proof of premises (lease or real estate certificate)',
    },
    {
      zh: '租赁合同的每一页，含双方签字盖章的那一页',
      en: 'Every page of the lease, with the page signed and sealed by both sides',
    },
    'contract',
    ['camera', 'scanner'],
    { min: 2, max: 20 },
    { original: true },
  ),
  floorPlan: material(
    'floorPlan',
    { zh: '食品经营场所平面布局图', en: 'Floor plan of the food premises' },
    { zh: '标明厨房、餐厅、洗手间的位置和尺寸', en: 'Showing kitchen, dining room and toilets with their sizes' },
    'floorPlan',
    ['scanner', 'camera'],
    { min: 1, max: 4 },
  ),
  health: material(
    'health',
    { zh: '从业人员健康证明', en: 'Staff health certificates' },
    { zh: '每位直接接触食品的人员一份，在有效期内', en: 'One for each person who handles food, not expired' },
    'certificate',
    ['library', 'camera'],
    { min: 1, max: 10 },
    { licenceType: 'healthCertificate' },
  ),
  fireSafety: material(
    'fireSafety',
    {
      zh: '公众聚集场所投入使用、营业消防安全告知承诺书',
      en: 'Fire safety pledge for opening a place of public assembly',
    },
    { zh: '填好并签字的承诺书原件', en: 'The original pledge, filled in and signed' },
    'form',
    ['camera', 'scanner'],
    { min: 1, max: 3 },
    { original: true },
  ),
  licence: material(
    'licence',
    { zh: '营业执照', en: 'Business licence' },
    { zh: '已有营业执照的，从电子证照库调取', en: 'If you have one, it is fetched from the licence library' },
    'licence',
    ['library'],
    { min: 1, max: 1 },
    { required: false },
  ),
} as const;

export const page = (id: string): MaterialState['pages'][number] => ({ id, widthPx: 2480, heightPx: 3508 });
