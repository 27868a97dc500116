// Form and review in every phase, with the longest real words.

import type { FormField } from '../../main/contract/catalogue.ts';
import type { Text } from '../../main/contract/text.ts';
import type { ScreenOf } from '../../main/contract/view.ts';
import { departments, view, type Fixture } from './fixtures-case-base.ts';

type Row = ScreenOf<'form'>['fields'][number];

const fromCard: Text = { zh: '来自身份证', en: 'From your ID card' };
const fromCode: Text = { zh: '来自二维码', en: 'From the code' };

const row = (
  id: string,
  kind: FormField['kind'],
  label: Text,
  value: Row['value'],
  change: Partial<Row> & { more?: Partial<FormField> } = {},
): Row => {
  const { more, ...rest } = change;
  return {
    field: { id, kind, label, departments: ['market'], ...more },
    value,
    departments: [departments.market],
    ...rest,
  };
};

const person: Row[] = [
  row('name', 'personName', { zh: '姓名', en: 'Name' }, '欧阳*', { from: fromCard, more: { prefill: 'card.name' } }),
  row('number', 'citizenId', { zh: '身份证号', en: 'ID number' }, '420*************1X', {
    from: fromCard,
    more: { prefill: 'card.number' },
    departments: [departments.market, departments.police, departments.tax],
  }),
  row('home', 'address', { zh: '户籍地址', en: 'Registered address' }, '湖北省鄂州市鄂城区****', {
    from: fromCard,
    more: { prefill: 'card.address' },
  }),
  row('phone', 'phone', { zh: '手机号码', en: 'Mobile number' }, null, {
    more: { hint: { zh: '办理进度会发到这个号码', en: 'Progress is sent to this number' } },
    departments: [departments.market, departments.urban, departments.ecology, departments.emergency, departments.tax],
  }),
  row('isAgent', 'yesNo', { zh: '是否替别人办理', en: 'Are you applying for someone else?' }, false),
];

const shop: Row[] = [
  row('shopName', 'text', { zh: '店名', en: 'Name of the restaurant' }, '鄂州市鄂城区江畔人家土菜馆', {
    from: fromCode,
  }),
  row(
    'address',
    'address',
    { zh: '经营场所地址', en: 'Address of the premises' },
    '鄂州市鄂城区滨湖西路88号凤凰广场3号楼1层106室',
    {
      more: { hint: { zh: '写到门牌号，与租赁合同一致', en: 'Down to the door number, as in the lease' } },
      departments: [departments.market, departments.urban, departments.emergency],
    },
  ),
  row('area', 'number', { zh: '营业面积', en: 'Floor area' }, 128.5, { more: { unit: { zh: '平方米', en: 'm²' } } }),
  row('capital', 'money', { zh: '出资额', en: 'Capital' }, 300000, { more: { unit: { zh: '元', en: 'yuan' } } }),
  row('openingDay', 'date', { zh: '计划开业日期', en: 'Planned opening day' }, '2027-02-01'),
];

const choices: Row[] = [
  row('kind', 'choice', { zh: '餐饮类别', en: 'Kind of restaurant' }, null, {
    more: {
      options: [
        { value: 'full', label: { zh: '正餐', en: 'Full-service restaurant' } },
        { value: 'fast', label: { zh: '快餐、小吃', en: 'Fast food and snacks' } },
        { value: 'drinks', label: { zh: '饮品店', en: 'Drinks' } },
        { value: 'canteen', label: { zh: '单位食堂、集体用餐配送', en: 'Canteen or meal delivery' } },
        { value: 'other', label: { zh: '其他餐饮服务', en: 'Other catering' } },
      ],
    },
  }),
  row('smoke', 'yesNo', { zh: '是否产生油烟', en: 'Will there be cooking fumes?' }, true, {
    departments: [departments.ecology, departments.urban],
  }),
  row('uscc', 'uscc', { zh: '统一社会信用代码', en: 'Unified social credit code' }, '91350100M000100Y43', {
    more: {
      hint: {
        zh: '营业执照上的18位代码，没有可以不填',
        en: 'The 18 characters on the licence; leave empty if you have none',
      },
    },
  }),
  row(
    'owner',
    'citizenId',
    { zh: '食品安全管理员身份证号', en: 'ID number of the food safety manager' },
    '11010519491231002X',
  ),
];

const wrong = (rows: Row[]): Row[] =>
  rows.map((r) => {
    if (r.field.id === 'address')
      return {
        ...r,
        value: '长'.repeat(10_000),
        error: {
          zh: '太长了，最多 120 个字，现在有 10000 个字',
          en: 'Too long: at most 120 characters, there are 10,000',
        },
      };
    if (r.field.id === 'area')
      return { ...r, value: '一百', error: { zh: '请填数字，例如 85.5', en: 'Enter a number, for example 85.5' } };
    if (r.field.id === 'openingDay')
      return {
        ...r,
        value: '2026-13-01',
        error: { zh: '没有这一天，请检查月份', en: 'There is no such day; check the month' },
      };
    return r;
  });

const form = (page: number, title: Text, fields: Row[], showErrors = false): ScreenOf<'form'> => ({
  type: 'form',
  title,
  page,
  pages: 3,
  fields,
  showErrors,
});

const titles = {
  person: { zh: '您的信息', en: 'About you' },
  shop: { zh: '饭店的信息', en: 'About the restaurant' },
  kind: { zh: '经营什么', en: 'What you will offer' },
} as const satisfies Record<string, Text>;

export const formFixtures: Fixture[] = [
  view('form from card', form(0, titles.person, person), 2),
  view('form filled', form(1, titles.shop, shop), 2),
  view('form choices', form(2, titles.kind, choices), 2),
  view('form refused', form(1, titles.shop, wrong(shop), true), 2),
];

const reviewRow = (zh: string, en: string, valueZh: string, valueEn = valueZh): { label: Text; value: Text } => ({
  label: { zh, en },
  value: { zh: valueZh, en: valueEn },
});

export const reviewFixtures: Fixture[] = [
  view(
    'review',
    {
      type: 'review',
      sections: [
        {
          title: titles.person,
          page: 0,
          rows: [
            reviewRow('姓名', 'Name', '欧阳*'),
            reviewRow('身份证号', 'ID number', '420*************1X'),
            reviewRow('户籍地址', 'Registered address', '湖北省鄂州市鄂城区****'),
            reviewRow('手机号码', 'Mobile number', '13800138000'),
            reviewRow('是否替别人办理', 'Are you applying for someone else?', '否', 'No'),
          ],
        },
        {
          title: titles.shop,
          page: 1,
          rows: [
            reviewRow('店名', 'Name of the restaurant', '鄂州市鄂城区江畔人家土菜馆'),
            reviewRow('经营场所地址', 'Address of the premises', '鄂州市鄂城区滨湖西路88号凤凰广场3号楼1层106室'),
            reviewRow('营业面积', 'Floor area', '128.5平方米', '128.5 m²'),
            reviewRow('出资额', 'Capital', '300000元', '300000 yuan'),
            reviewRow('计划开业日期', 'Planned opening day', '2027-02-01'),
          ],
        },
        {
          title: titles.kind,
          page: 2,
          rows: [
            reviewRow('餐饮类别', 'Kind of restaurant', '单位食堂、集体用餐配送', 'Canteen or meal delivery'),
            reviewRow('是否产生油烟', 'Will there be cooking fumes?', '是', 'Yes'),
            reviewRow('统一社会信用代码', 'Unified social credit code', '（未填）', '(not filled in)'),
            reviewRow('食品安全管理员身份证号', 'ID number of the food safety manager', '11010519491231002X'),
          ],
        },
      ],
      materials: [
        {
          name: { zh: '企业名称自主申报告知书', en: 'Business name reservation notice' },
          how: { zh: '二维码已读取', en: 'The code was read' },
        },
        {
          name: {
            zh: '经营场所使用证明（房屋租赁合同或不动产权证书）',
            en: 'Proof of premises (lease or real estate certificate)',
          },
          how: { zh: '拍照 6 页', en: '6 pages photographed' },
        },
        {
          name: { zh: '食品经营场所平面布局图', en: 'Floor plan of the food premises' },
          how: { zh: '扫描 1 页', en: '1 page scanned' },
        },
        {
          name: { zh: '从业人员健康证明', en: 'Staff health certificates' },
          how: { zh: '已从电子证照库调取（JY1*********02）', en: 'Fetched from the library (JY1*********02)' },
        },
        {
          name: {
            zh: '公众聚集场所投入使用、营业消防安全告知承诺书',
            en: 'Fire safety pledge for opening a place of public assembly',
          },
          how: { zh: '拍照 1 页', en: '1 page photographed' },
        },
      ],
    },
    4,
  ),
];
