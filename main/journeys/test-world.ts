// A small world for the journey tests: one item with every kind of material, all devices there.

import type { Catalogue } from '../contract/catalogue.ts';
import type { IdCard } from '../../devices/id-card-reader/api.ts';
import type { JourneyEffect, JourneyEvent, World } from './events.ts';
import { initialState, next } from './machine.ts';
import type { KioskState, Page, Session } from './state.ts';
import { viewOf } from './view/view.ts';

const both = (zh: string): { zh: string; en: string } => ({ zh, en: zh });

export const catalogue: Catalogue = {
  version: 3,
  departments: [{ code: 'market', name: both('市场监管') }],
  scenes: [{ id: 'business', name: both('开店'), picture: 'shop' }],
  popular: ['SHOP-1'],
  items: [
    {
      code: 'SHOP-1',
      kind: 'bundle',
      name: both('我要开饭店'),
      officialName: both('餐饮服务许可'),
      scenes: ['business'],
      keywords: ['餐饮'],
      lead: 'market',
      departments: ['market'],
      applicant: 'person',
      duration: { workingDays: 5, atKioskMinutes: 10 },
      fee: { amountFen: 0 },
      conditions: [both('有固定场所')],
      nextSteps: [both('部门审核')],
      result: both('营业执照'),
      needs: ['id-card-reader'],
      offline: 'accept',
      materials: [
        {
          id: 'notice',
          name: both('名称预留通知书'),
          detail: both('带二维码'),
          picture: 'qrCode',
          ways: ['qr'],
          pages: { min: 1, max: 1 },
          required: true,
          original: false,
          code: { pattern: '^N\\|(?<shop>.+)$', example: 'N|小馆', fills: { shop: 'shopName' } },
        },
        {
          id: 'lease',
          name: both('租赁合同'),
          detail: both('全部页'),
          picture: 'contract',
          ways: ['camera', 'scanner'],
          pages: { min: 2, max: 3 },
          required: true,
          original: true,
        },
        {
          id: 'health',
          name: both('健康证明'),
          detail: both('有效'),
          picture: 'certificate',
          ways: ['library', 'camera'],
          pages: { min: 1, max: 1 },
          required: true,
          original: false,
          licenceType: 'HEALTH',
        },
      ],
      form: {
        schema: { type: 'object' },
        pages: [
          {
            id: 'who',
            title: both('申请人'),
            fields: [
              {
                id: 'applicantName',
                label: both('姓名'),
                kind: 'personName',
                prefill: 'card.name',
                departments: ['market'],
              },
              {
                id: 'applicantId',
                label: both('证件号'),
                kind: 'citizenId',
                prefill: 'card.number',
                departments: ['market'],
              },
              { id: 'phone', label: both('电话'), kind: 'phone', departments: ['market'] },
            ],
          },
          {
            id: 'shop',
            title: both('店铺'),
            fields: [
              { id: 'shopName', label: both('店名'), kind: 'text', departments: ['market'] },
              { id: 'area', label: both('面积'), kind: 'number', departments: ['market'] },
            ],
          },
        ],
      },
    },
  ],
};

export const card: IdCard = {
  type: 'resident',
  name: '张三',
  sex: '1',
  birthDate: '1990-03-07',
  address: '北京市东城区测试街1号院',
  number: '11010119900307002X',
  validFrom: '2020-01-01',
  photo: new Uint8Array([1, 2, 3]),
  photoFormat: 'png',
  fingerprint: new Uint8Array([4, 5, 6]),
};

const place = { edge: 'right' as const, at: 0.8, label: both('右下方') };
const here = { configured: true, available: true, place };

export const createWorld = (change: Partial<World> = {}): World => ({
  catalogue,
  hiddenItems: [],
  hall: both('示范大厅'),
  place: both('一楼'),
  askAt: both('12345'),
  isOnline: true,
  waitingToSend: 0,
  roomBytes: 50_000_000_000,
  devices: {
    'id-card-reader': here,
    'qr-reader': here,
    'ticket-printer': here,
    'rating-pad': here,
    locker: here,
    'document-scanner': here,
  },
  cameraPlace: place,
  panel: { pxPerMm: 3.2, orientation: 'portrait' },
  session: { idleWarningMs: 60_000, idleWipeMs: 90_000, goodbyeMs: 20_000, ratingMs: 30_000 },
  queue: { businesses: [{ code: 'SOC', name: both('社保'), prefix: 'B', open: true, ahead: 3, waitMinutes: 6 }] },
  tokens: { appointment: true, pickUp: true, deposit: true },
  cellName: String,
  paperColumns: 48,
  faultText: (trouble) => ({ code: trouble.code, who: 'hall', what: both(trouble.code), todo: both('…') }),
  validate: (_item, values) => [
    ...(typeof values['phone'] === 'string' && /^\d{11}$/.test(values['phone'])
      ? []
      : [{ fieldId: 'phone', text: both('电话不对') }]),
    ...(typeof values['shopName'] === 'string' && values['shopName'].length <= 60
      ? []
      : [{ fieldId: 'shopName', text: both('店名不对') }]),
    ...(typeof values['area'] === 'number' ? [] : [{ fieldId: 'area', text: both('面积不对') }]),
  ],
  digest: (value) => JSON.stringify(value).length.toString(16).padStart(64, '0'),
  isNight: false,
  preview: (document) => document.blocks.map((block) => (block.type === 'text' ? block.text : block.type)),
  ...change,
});

export const page = (id: string): Page => ({
  id,
  sha256: id.padEnd(64, '0'),
  bytes: 100,
  mediaType: 'image/jpeg',
  widthPx: 800,
  heightPx: 1200,
});

/** Plays events against the machine and remembers what it asked for. */
export const createPlayer = (world = createWorld(), holder: IdCard = card) => {
  let state: KioskState = initialState;
  let now = Date.UTC(2026, 10, 22, 3, 0, 0);
  let ids = 0;
  let effects: JourneyEffect[] = [];
  const session = (): Session => {
    if (!state.session) throw new Error('no session');
    return state.session;
  };
  const player = {
    world,
    state: () => state,
    session,
    effects: () => effects,
    now: () => now,
    later(ms: number): void {
      now += ms;
    },
    send(event: JourneyEvent): JourneyEffect[] {
      ids += 1;
      const outcome = next(state, event, now, player.world, `00000000-0000-7000-8000-${String(ids).padStart(12, '0')}`);
      state = outcome.state;
      ({ effects } = outcome);
      return effects;
    },
    intent(intent: Extract<JourneyEvent, { type: 'intent' }>['intent']): JourneyEffect[] {
      return player.send({ type: 'intent', intent });
    },
    attempt(): string {
      const { step } = session();
      if ('attempt' in step) return step.attempt;
      if (step.type === 'materials' && step.capture) return step.capture.attempt;
      throw new Error(`no attempt at ${step.type}`);
    },
    toGuide(): void {
      player.intent({ type: 'touch' });
      player.intent({ type: 'next' });
      player.intent({ type: 'openItem', code: 'SHOP-1' });
    },
    toForm(): void {
      player.toGuide();
      player.intent({ type: 'next' });
      player.send({ type: 'cardRead', attempt: player.attempt(), card: holder });
      player.intent({ type: 'next' });
    },
    toMaterials(): void {
      player.toForm();
      player.intent({ type: 'setField', fieldId: 'phone', value: '13800138000' });
      player.intent({ type: 'next' });
      player.intent({ type: 'setField', fieldId: 'shopName', value: '小馆' });
      player.intent({ type: 'setField', fieldId: 'area', value: '86' });
      player.intent({ type: 'next' });
    },
    toReview(): void {
      player.toMaterials();
      player.intent({ type: 'openMaterial', materialId: 'notice' });
      player.send({ type: 'codeRead', attempt: player.attempt(), text: 'N|小馆' });
      player.intent({ type: 'finishMaterial' });
      player.intent({ type: 'openMaterial', materialId: 'lease', way: 'camera' });
      player.send({ type: 'pageAdded', materialId: 'lease', page: page('p1') });
      player.send({ type: 'pageAdded', materialId: 'lease', page: page('p2') });
      player.intent({ type: 'finishMaterial' });
      player.intent({ type: 'openMaterial', materialId: 'health' });
      player.intent({ type: 'consentLibrary', agreed: true });
      player.send({ type: 'libraryAnswered', attempt: player.attempt(), answer: { state: 'toBeFetched' } });
      player.intent({ type: 'finishMaterial' });
      player.intent({ type: 'next' });
    },
    toReceipt(): void {
      player.toReview();
      player.intent({ type: 'next' });
      const strokes: [number, number, number][][] = [
        [
          [0.1, 0.1, 0],
          [0.2, 0.2, 10],
        ],
      ];
      const [, digest] = /"digest":"([0-9a-f]{64})"/.exec(JSON.stringify(player.view())) ?? [];
      player.intent({ type: 'sign', digest: digest ?? '', strokes });
      player.send({ type: 'signatureSaved', digest: digest ?? '', imageSha256: 'a'.repeat(64) });
      player.intent({ type: 'next' });
      player.send({
        type: 'caseSaved',
        caseId: session().application?.caseId ?? '',
        receiptNumber: 'R-1',
        deposit: { depositId: 'd1', cell: 7, pickUpCode: '12345678' },
      });
    },
    view: () => view(),
  };
  const view = () => viewOf(state, player.world, now);
  return player;
};
