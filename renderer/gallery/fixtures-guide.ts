// The guide of a large bundle, for the gallery.

import type { Text } from '../../main/contract/text.ts';
import { departments, restaurant, view, type Fixture } from './fixtures-case-base.ts';

export const guide = (name: string, here: { can: 'yes' | 'later' | 'no'; why?: Text }, change = {}): Fixture =>
  view(
    name,
    {
      type: 'guide',
      item: {
        code: 'YSYB-001',
        name: restaurant,
        official: { zh: '餐饮店开办“一事联办”', en: 'Opening a catering business, joint handling' },
        isBundle: true,
      },
      lead: departments.market,
      departments: [departments.emergency, departments.police, departments.urban, departments.ecology, departments.tax],
      needs: [
        {
          name: { zh: '企业名称预留通知二维码', en: 'QR code of the reserved business name' },
          detail: { zh: '手机上或纸上的都可以', en: 'On your phone or on paper' },
          picture: 'qrCode',
          way: { zh: '扫一下二维码', en: 'Scan its QR code' },
          isHeld: false,
          required: true,
          pages: 1,
          original: false,
        },
        {
          name: { zh: '经营场所使用证明（租赁合同）', en: 'Proof of the right to use the premises (lease)' },
          detail: { zh: '租赁合同的每一页', en: 'Every page of the lease' },
          picture: 'contract',
          way: { zh: '在高拍仪上拍照', en: 'Photograph it here' },
          isHeld: false,
          required: true,
          pages: 2,
          original: true,
        },
        {
          name: { zh: '经营场所平面布局图', en: 'Floor plan of the premises' },
          detail: { zh: '手绘也可以，线条要清楚', en: 'A clear drawing by hand is fine' },
          picture: 'floorPlan',
          way: { zh: '在扫描仪上扫描', en: 'Scan it here' },
          isHeld: false,
          required: true,
          pages: 1,
          original: false,
        },
        {
          name: { zh: '从业人员健康证明', en: 'Health certificate of the staff' },
          detail: { zh: '每人一份', en: 'One each' },
          picture: 'certificate',
          way: { zh: '从电子证照库调取，不用交', en: 'Fetched from the licence library' },
          isHeld: true,
          required: true,
          pages: 1,
          original: false,
        },
        {
          name: { zh: '商标注册证', en: 'Trade mark certificate' },
          detail: { zh: '有的才交', en: 'Only if you have one' },
          picture: 'licence',
          way: { zh: '在高拍仪上拍照', en: 'Photograph it here' },
          isHeld: false,
          required: false,
          pages: 1,
          original: false,
        },
      ],
      conditions: [
        { zh: '年满 18 周岁，本人办理。', en: 'You are 18 or older and come yourself.' },
        {
          zh: '有固定的经营场所，不在居民住宅楼、没有专用烟道的商住楼，也不在商住楼中与居住层相邻的楼层。',
          en: 'You have fixed premises: not in a residential building, not in a mixed-use building without its own flue, and not on a storey next to flats.',
        },
        {
          zh: '场所与垃圾场、旱厕这类污染源相距 25 米以上，生熟加工分开。',
          en: 'The premises are at least 25 m away from sources of pollution such as rubbish tips or pit latrines, and raw and cooked food are prepared apart.',
        },
        {
          zh: '接触直接入口食品的人员有有效健康证明。',
          en: 'Everybody who handles ready-to-eat food has a valid health certificate.',
        },
      ],
      nextSteps: [
        {
          zh: '1 个工作日内告诉您是否受理；要补正的，一次说全。',
          en: 'Within 1 working day you hear whether the case is accepted; if anything must be corrected, you are told all of it at once.',
        },
        {
          zh: '市场监管牵头，其他部门同时审核，约好时间一次上门核查。',
          en: 'Market Regulation leads; the other departments check in parallel and visit the premises together, once, by appointment.',
        },
        {
          zh: '10 个工作日内办结，发短信通知。',
          en: 'It is finished within 10 working days; you get a text message.',
        },
        {
          zh: '凭回执到自助柜取证，也可以邮寄到店。',
          en: 'Collect the licences from a locker with your receipt, or have them posted to the shop.',
        },
      ],
      result: {
        zh: '营业执照、食品经营许可证，并同步完成税务登记、消防安全检查、油烟与污水排放和门头招牌手续。',
        en: 'Business licence and food business licence; tax registration, fire safety check, fume and waste water formalities and the shop sign are settled with them.',
      },
      workingDays: 10,
      atKioskMinutes: 15,
      fee: { amountFen: 0 },
      here,
      ...change,
    },
    0,
  );
