// Draws the photographed page that the demo's document camera shows: a lease on a desk, a little askew. Run once; the JPEG is
// committed, because a fresh machine may have no Chinese font for a drawing program.
//
//   node test/testbed/hall/pages/draw-page.ts

import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const lines = [
  '甲方(出租方):示范市滨江物业管理有限公司',
  '乙方(承租方):张三',
  '',
  '一、甲方将位于示范市滨江区测试路 88 号一层的商铺出租给乙方，',
  '建筑面积 86 平方米，用于餐饮服务经营。',
  '二、租赁期限三年，自二〇二七年一月一日起至二〇二九年',
  '十二月三十一日止。',
  '三、月租金人民币陆仟元整，按季支付，先付后用。',
  '四、乙方应当依法办理营业执照和食品经营许可，安装油烟净化',
  '设施，不得改变房屋主体结构。',
  '五、甲方保证对该房屋拥有合法的出租权，并配合乙方办理相关',
  '手续。',
  '六、本合同一式两份，双方各执一份，自签字之日起生效。',
  '',
  '甲方(盖章):                    乙方(签字):',
  '',
  '二〇二六年十一月十八日',
];
const text = lines
  .map((line, index) => `<text x="150" y="${430 + index * 74}" font-size="40" xml:space="preserve">${line}</text>`)
  .join('');
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2400" height="1800">
  <defs>
    <linearGradient id="desk" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#4b3f36"/><stop offset="1" stop-color="#2f2823"/></linearGradient>
    <filter id="shadow" x="-10%" y="-10%" width="120%" height="120%"><feDropShadow dx="14" dy="18" stdDeviation="18" flood-opacity="0.55"/></filter>
  </defs>
  <rect width="2400" height="1800" fill="url(#desk)"/>
  <g transform="translate(640 40) rotate(1.6 560 860) scale(0.86 0.92)" font-family="Noto Serif CJK SC, Noto Sans CJK SC" fill="#1d1b1a">
    <rect width="1400" height="1840" fill="#fbfaf5" filter="url(#shadow)"/>
    <text x="700" y="240" font-size="76" font-weight="bold" text-anchor="middle">房屋租赁合同</text>
    <text x="700" y="320" font-size="34" text-anchor="middle" fill="#666">合同编号:SF-2026-1118(演示样张)</text>
    ${text}
    <circle cx="420" cy="1500" r="120" fill="none" stroke="#b3261e" stroke-width="8" opacity="0.75"/>
    <text x="420" y="1512" font-size="30" text-anchor="middle" fill="#b3261e" opacity="0.75">演示样章</text>
  </g>
</svg>`;
const target = fileURLToPath(new URL('lease.jpg', import.meta.url));
await sharp(Buffer.from(svg)).blur(0.6).jpeg({ quality: 72, chromaSubsampling: '4:2:0' }).toFile(target);
