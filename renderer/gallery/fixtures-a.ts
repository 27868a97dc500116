// Views of the way to a case (attract … ticket, goodbye), with the longest real words, for the gallery.

import type { ItemCard, PrintState } from '../../main/contract/view.ts';
import type { Text } from '../../main/contract/text.ts';
import { departments, faults, nightMs, places, restaurant, view, type Fixture } from './fixtures-case-base.ts';
import { guide } from './fixtures-guide.ts';

/** Monday 23 November 2026, 09:12: the hall is open and full. */
const dayMs = new Date(2026, 10, 23, 9, 12).getTime();

const announcement: Text = {
  zh: '本区 24 小时开放。夜间收件，工作日 9:00 起审核。11 月 28 日（星期六）系统升级，6:00 前不能联网办理。',
  en: 'Open around the clock. Cases handed in at night are examined from 9:00 on working days. No online services before 6:00 on Saturday 28 November.',
};

const shortcuts = (isOpen: boolean) =>
  [
    { kind: 'services' as const, name: { zh: '办事', en: 'Services' }, available: true },
    {
      kind: 'queue' as const,
      name: { zh: '取号', en: 'Take a number' },
      available: isOpen,
      ...(isOpen ? {} : { why: { zh: '窗口现在不上班', en: 'The counters are closed now' } }),
    },
    { kind: 'locker' as const, name: { zh: '存原件', en: 'Leave originals' }, available: true },
  ] satisfies object[];

const scenes = [
  { id: 'business', name: { zh: '开店创业', en: 'Start a business' }, picture: 'shop', count: 12 },
  { id: 'insurance', name: { zh: '社保医保', en: 'Social and health insurance' }, picture: 'health', count: 8 },
  { id: 'house', name: { zh: '房屋不动产', en: 'Home and property' }, picture: 'house', count: 3 },
  { id: 'family', name: { zh: '家庭户政', en: 'Family and household' }, picture: 'family', count: 4 },
  { id: 'work', name: { zh: '就业用工', en: 'Work and jobs' }, picture: 'work', count: 5 },
  { id: 'fund', name: { zh: '公积金', en: 'Housing provident fund' }, picture: 'money', count: 1 },
];

const card = (
  code: string,
  name: Text,
  department: Text,
  picture: string,
  isBundle = false,
  unavailable?: Text,
): ItemCard => ({
  code,
  name,
  official: name,
  department,
  picture,
  isBundle,
  ...(unavailable ? { unavailable } : {}),
});

const items: ItemCard[] = [
  card('YSYB-001', restaurant, departments.market, 'shop', true),
  card(
    'YSYB-002',
    { zh: '开办非学历文化教育培训机构（民办）', en: 'Open a private training school (non-degree, cultural education)' },
    { zh: '教育局', en: 'Education Bureau' },
    'culture',
    true,
  ),
  card(
    'SC-003',
    { zh: '食品经营许可证变更', en: 'Change a food business licence' },
    departments.market,
    'shop',
    false,
    { zh: '扫描仪的进纸口卡住了', en: 'The scanner’s feeder is stuck' },
  ),
  card(
    'YSYB-006',
    { zh: '我要开物流公司（货运）', en: 'Open a road freight company' },
    { zh: '交通运输局', en: 'Transport Bureau' },
    'transport',
    true,
  ),
  card('SC-002', { zh: '补领营业执照', en: 'Replace a lost business licence' }, departments.market, 'shop'),
  card(
    'YSYB-005',
    { zh: '我要开诊所、医院（一级综合以下）', en: 'Open a clinic or a small hospital (below general class one)' },
    { zh: '卫生健康委员会', en: 'Health Commission' },
    'health',
    true,
  ),
  card('SC-001', { zh: '个体工商户注销', en: 'Close a sole business' }, departments.market, 'shop'),
];

const popular: ItemCard[] = [
  card('YSYB-001', restaurant, departments.market, 'shop', true),
  card(
    'SB-001',
    { zh: '社保参保证明', en: 'Proof of social insurance' },
    { zh: '人社局', en: 'Social Security Bureau' },
    'health',
  ),
  card('YSYB-003', { zh: '新生儿落户', en: 'Register a newborn' }, departments.police, 'family', true),
  card(
    'YB-001',
    { zh: '异地就医备案', en: 'Register for treatment elsewhere' },
    { zh: '医保局', en: 'Health Insurance Bureau' },
    'health',
  ),
];

const ticketLines = [
  '         鄂州市民中心 24 小时自助服务区',
  '               排队号 Your number',
  '                  A007',
  '          企业开办与变更',
  '------------------------------------------------',
  '前面等候                                    12人',
  '预计等候                                约38分钟',
  '取号时间                        2026-11-23 09:12',
  '地点                         市民中心一楼东门内',
  '------------------------------------------------',
  '[QR HKQ1|A007|20261123]',
  '       请在大厅等候叫号，过号请到窗口说明',
  '',
];

const ticket = (name: string, print: Partial<PrintState>): Fixture =>
  view(
    name,
    {
      type: 'ticket',
      number: 'A007',
      business: { zh: '企业开办与变更', en: 'Starting and changing a business' },
      ahead: 12,
      waitMinutes: 38,
      priority: 'elder',
      place: { zh: '市民中心一楼东门内', en: 'Citizens’ Centre, ground floor, east entrance' },
      takenAtMs: dayMs,
      print: { phase: 'printed', preview: ticketLines, copies: 1, ...print },
    },
    undefined,
    { nowMs: dayMs },
  );

const person = {
  name: '*小明',
  number: '420*************12',
  address: '湖北省鄂州市鄂城区凤凰街道滨湖南路***********',
};

export const visitFixtures: Fixture[] = [
  view(
    'attract',
    { type: 'attract', announcement, shortcuts: shortcuts(true), unavailable: [], isNight: false },
    undefined,
    { nowMs: dayMs },
  ),
  view(
    'attract night',
    {
      type: 'attract',
      announcement,
      shortcuts: shortcuts(false),
      unavailable: [
        { what: { zh: '文件扫描仪', en: 'Document scanner' }, why: { zh: '没有连上', en: 'It is not connected' } },
        { what: { zh: '凭条打印机', en: 'Ticket printer' }, why: faults.paperOut.what },
      ],
      isNight: true,
    },
    undefined,
    { isOnline: false, waitingToSend: 3 },
  ),
  view('welcome', { type: 'welcome' }),
  view(
    'home',
    { type: 'home', scenes, popular, queueAvailable: true, pickUp: { available: true, deposits: true } },
    undefined,
    {
      nowMs: dayMs,
    },
  ),
  view('home no queue', { type: 'home', scenes, popular: popular.slice(0, 2), queueAvailable: false }),
  view('home list', {
    type: 'home',
    scenes,
    popular,
    list: { title: scenes[0]?.name ?? restaurant, sceneId: 'business', items, page: 0, pages: 2 },
    queueAvailable: true,
  }),
  view('home nothing', {
    type: 'home',
    scenes,
    popular,
    list: { title: { zh: '查找结果', en: 'Results' }, query: '飞机场', items: [], page: 0, pages: 1 },
    queueAvailable: true,
  }),
  guide('guide', { can: 'yes' }),
  guide('guide later', {
    can: 'later',
    why: {
      zh: '网络暂时不通。现在可以办，申请先安全保存在这台机器里，网络恢复后自动送出。',
      en: 'The network is down. You can apply now: the application is kept safely in this machine and sent when the network is back.',
    },
  }),
  guide(
    'guide no',
    {
      can: 'no',
      why: { zh: '网络暂时不通，这件事需要联网才能办。', en: 'The network is down, and this service needs it.' },
    },
    {
      fee: {
        amountFen: 12_050,
        note: { zh: '按省物价局公布的标准收取', en: 'As published by the provincial price bureau' },
      },
    },
  ),
  view('identify', { type: 'identify', coach: { phase: 'waiting', place: places.card, help: 'none' } }, 1),
  view('identify hint', { type: 'identify', coach: { phase: 'waiting', place: places.qr, help: 'hint' } }, 1),
  view(
    'identify other way',
    {
      type: 'identify',
      coach: { phase: 'waiting', place: places.scanner, help: 'otherWay' },
    },
    1,
  ),
  view('identify working', { type: 'identify', coach: { phase: 'working', place: places.card, help: 'none' } }, 1),
  view(
    'identify trouble',
    {
      type: 'identify',
      coach: { phase: 'waiting', place: places.card, help: 'none' },
      failure: {
        code: 'liftAndRetry',
        who: 'citizen',
        what: { zh: '没有读出来', en: 'The card could not be read' },
        todo: {
          zh: '请把身份证拿起来，再平放到读卡区，不要移动',
          en: 'Lift the card, lay it flat on the reader again and keep it still',
        },
      },
    },
    1,
  ),
  view(
    'identify unavailable',
    {
      type: 'identify',
      coach: {
        phase: 'unavailable',
        place: places.card,
        help: 'none',
        fault: {
          code: 'noDevice',
          who: 'engineer',
          what: { zh: '身份证阅读器没有连上', en: 'The ID card reader is not connected' },
          todo: { zh: '已通知维修，请用旁边的机器', en: 'Repair has been told; please use the machine beside it' },
        },
      },
    },
    1,
  ),
  view(
    'identify person',
    {
      type: 'identify',
      coach: { phase: 'takeBack', place: places.card, help: 'none' },
      person,
    },
    1,
  ),
  view('identify done', { type: 'identify', coach: { phase: 'done', place: places.card, help: 'none' }, person }, 1),
  view(
    'queue',
    {
      type: 'queue',
      businesses: [
        {
          code: 'QY',
          name: { zh: '企业开办与变更', en: 'Starting and changing a business' },
          prefix: 'A',
          ahead: 12,
          waitMinutes: 38,
          open: true,
        },
        {
          code: 'SBYB',
          name: { zh: '社保医保', en: 'Social insurance and health cover' },
          prefix: 'B',
          ahead: 1,
          waitMinutes: 8,
          open: true,
        },
        {
          code: 'BDC',
          name: { zh: '不动产登记', en: 'Real estate registration' },
          prefix: 'C',
          ahead: 0,
          open: false,
          why: { zh: '上班时间 8:30–12:00,14:00–17:30', en: 'Open 8:30–12:00 and 14:00–17:30' },
        },
        {
          code: 'ZH',
          name: { zh: '综合窗口与咨询', en: 'General counter and questions' },
          prefix: 'D',
          ahead: 0,
          open: true,
        },
      ],
      chosen: 'QY',
      priority: 'elder',
      asOfMs: dayMs - 60_000,
      takesAppointments: true,
    },
    undefined,
    { nowMs: dayMs },
  ),
  view('queue none', { type: 'queue', businesses: [], priority: 'none', takesAppointments: false }),
  ticket('ticket', {}),
  ticket('ticket printing', { phase: 'printing' }),
  ticket('ticket paper out', { phase: 'printing', fault: faults.paperOut }),
  ticket('ticket unconfirmed', { phase: 'unconfirmed' }),
  ticket('ticket failed', { phase: 'failed', fault: faults.cutterStuck }),
  ticket('ticket skipped', { phase: 'skipped' }),
  view('goodbye', {
    type: 'goodbye',
    take: [
      { what: 'card', state: 'stillThere', place: places.card },
      { what: 'receipt', state: 'remember', place: places.printer },
      { what: 'originals', state: 'taken', place: places.scanner },
    ],
    receiptNumber: 'EZ24H01-20261122-0007',
    rated: true,
    endsAtMs: nightMs + 18_000,
  }),
  view('goodbye nothing', { type: 'goodbye', take: [], rated: false, endsAtMs: nightMs + 12_000 }),
  view('outOfService', {
    type: 'outOfService',
    fault: {
      code: 'diskFull',
      who: 'engineer',
      what: { zh: '这台机器的存储空间满了', en: 'This machine has no storage space left' },
      todo: {
        zh: '您填写的内容还在。请联系工作人员，或换一台机器办理',
        en: 'What you entered is kept. Please call staff, or use another machine',
      },
    },
  }),
  view('idle warning', { type: 'home', scenes, popular, queueAvailable: true }, undefined, {
    idleWarning: { wipeAtMs: nightMs + 27_000 },
  }),
  view('toast', { type: 'home', scenes, popular, queueAvailable: true }, undefined, {
    toast: {
      id: 1,
      text: {
        zh: '网络不通，暂时通知不到值班台。请拨打机身上的服务电话',
        en: 'The network is down, so the duty desk cannot be told. Please call the number on this machine',
      },
    },
    isOnline: false,
  }),
];
