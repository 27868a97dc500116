// The words people type at this kiosk must be in sight: the first three candidates stand in the bar in every mode.

import { pinyin } from 'pinyin-pro';
import { describe, expect, it } from 'vitest';
import type { PinyinLexicon } from './lexicon-format.ts';
import { createPinyinEngine, mostCandidates } from './pinyin.ts';
import lexiconText from './pinyin-lexicon.json?raw';
import { placeGroups } from './places.ts';
import { syllables } from './syllables.ts';
import { wordGroups, wordReadings } from './words.ts';

const engine = createPinyinEngine(JSON.parse(lexiconText) as PinyinLexicon);

const top = (input: string, count = 3): string[] => engine.candidates(input, count).map(({ text }) => text);

const inTopThree: [string, string][] = `
  jiangbianxiaoguan 江边小馆 · jiangbian 江边 · xiaoguan 小馆 · chadian 茶店 · chaguan 茶馆 · canyinfuwu 餐饮服务 · canyin 餐饮
  beijingshi 北京市 · dongchengqu 东城区 · zhangsan 张三 · lisi 李四 · wangwu 王五 · yingyezhizhao 营业执照 · shenfenzheng 身份证
  jumin 居民 · juweihui 居委会 · jiedao 街道 · shequ 社区 · xiaoqu 小区 · fandian 饭店 · mianguan 面馆 · bianlidian 便利店
  chaoshi 超市 · huoguo 火锅 · shaokao 烧烤 · naicha 奶茶 · kafei 咖啡 · dangao 蛋糕 · shuiguo 水果 · yaodian 药店
  lifadian 理发店 · meirong 美容 · wujin 五金 · jiudian 酒店 · zhongshanlu 中山路 · renminlu 人民路 · jiefanglu 解放路
  danyuan 单元 · dasha 大厦 · haolou 号楼 · gongsi 公司 · youxiangongsi 有限公司 · getigongshanghu 个体工商户
  jingyingfanwei 经营范围 · shipinjingyingxukezheng 食品经营许可证 · yibao 医保 · shebaoka 社保卡 · gongjijin 公积金
  budongchandengji 不动产登记 · hukouben 户口本 · jiehunzheng 结婚证 · juzhuzheng 居住证 · tuixiu 退休 · yanglaobaoxian 养老保险
  baoxiao 报销 · faren 法人 · fadingdaibiaoren 法定代表人 · weituoren 委托人 · lianxidianhua 联系电话 · chongqingshi 重庆市
  xi'an 西安 · chang'anjie 长安街 · nvshi 女士 · lvshi 律师 · guangxi 广西 · shanghaishi 上海市 · pudongxinqu 浦东新区
  chaoyangqu 朝阳区 · haidianqu 海淀区 · tianhequ 天河区 · nanjinglu 南京路 · weixin 微信 · erweima 二维码 · waimai 外卖
  zhengwufuwu 政务服务 · quhao 取号 · chaxun 查询 · kuaidi 快递 · laowangmianguan 老王面馆 · niuroumian 牛肉面
  hunan 湖南 · xiangcai 湘菜 · anhuisheng 安徽省 · dongguan 东莞 · bozhou 亳州 · meiyou 没有 · qita 其他
`
  .trim()
  .split(/\s*·\s*|\n\s*/)
  .map((pair) => pair.split(' ') as [string, string]);

describe('words of the hall typed in full', () => {
  it('knows at least sixty of them', () => expect(inTopThree.length).toBeGreaterThanOrEqual(60));

  it.each(inTopThree)('%s offers %s among the first three', (input, word) => {
    expect(top(input)).toContain(word);
  });
});

describe('the lexicon of the hall', () => {
  const all = [...wordGroups, ...placeGroups].flatMap(({ words }) => words.trim().split(/\s+/));

  it('has every word of words.ts and places.ts on the first page (else build-lexicon.ts has to be run again)', () => {
    const missing = all.filter((word) => {
      const sounds = wordReadings[word]?.split(' ') ?? pinyin(word, { toneType: 'none', type: 'array', v: true });
      return !top(sounds.join("'"), 12).includes(word);
    });
    expect(all.length).toBeGreaterThan(1500);
    expect(missing).toEqual([]);
  });
});

describe('short cuts', () => {
  it.each([
    ['yyzz', '营业执照'],
    ['sfz', '身份证'],
    ['bj', '北京'],
    ['ylbx', '养老保险'],
    ['ylbx', '医疗保险'],
    ['gjj', '公积金'],
    ['yyzhizhao', '营业执照'],
    ['yingyezz', '营业执照'],
    ['jwh', '居委会'],
  ])('%s, first sounds only, offers %s', (input, word) => expect(top(input)).toContain(word));

  it.each([
    ['zhangs', '张三'],
    ['cany', '餐饮'],
    ['beijings', '北京市'],
    ['chad', '茶店'],
  ])('%s, the last sound unfinished, offers %s', (input, word) => expect(top(input, 6)).toContain(word));

  it.each([
    ['yingyez', '营业执照'],
    ['yingyezhi', '营业执照'],
    ['shenfen', '身份证'],
    ['budongchan', '不动产登记'],
  ])('%s offers %s before it is spelled out', (input, word) => expect(top(input, 8)).toContain(word));
});

describe('sentences', () => {
  it.each([
    ['woyaobanliyingyezhizhao', '我要办理营业执照'],
    ['wodedizhishizhongshanlu', '我的地址是中山路'],
    ['tamenjiadehaizi', '他们家的孩子'],
    ['qinglianxishequjuweihui', '请联系社区居委会'],
  ])('%s becomes %s', (input, sentence) => expect(top(input, 1)).toEqual([sentence]));
});

describe('word by word', () => {
  it('offers the first word of a name that no lexicon has, and leaves the rest to be typed on', () => {
    const found = engine.candidates('jiangbianxiaoguan', 8);
    expect(found).toContainEqual({ text: '江边', consumed: 9 });
    expect(engine.candidates('xiaoguan', 1)).toEqual([{ text: '小馆', consumed: 8 }]);
  });

  it('shows single characters of the first sound without paging through far-fetched words', () => {
    expect(top('dongchengqu', 12)).toContain('东');
    expect(top('wangjiacun', 12)).toContain('王');
  });

  it('reads an apostrophe as the end of a sound', () => {
    expect(top("xi'an", 1)).toEqual(['西安']);
    expect(top('xian', 1)).not.toEqual(['西安']);
    expect(engine.candidates("xi'an", 1)[0]?.consumed).toBe(5);
  });
});

describe('ü', () => {
  it.each([
    ['lv', '绿'],
    ['nv', '女'],
    ['lve', '略'],
    ['lue', '略'],
    ['nue', '虐'],
    ['jv', '局'],
  ])('%s finds %s', (input, character) => expect(top(input, 12)).toContain(character));
});

describe('southern ears', () => {
  it.each([
    ['zangsan', '张三'],
    ['sengfenzheng', '身份证'],
    ['cadian', '茶店'],
    ['beijinsi', '北京市'],
    ['yinyezizao', '营业执照'],
  ])('%s finds %s only when fuzzy reading is on', (input, word) => {
    const tolerant = engine.candidates(input, 4, { isFuzzy: true }).map(({ text }) => text);
    expect(tolerant).toContain(word);
    expect(top(input, 4)).not.toContain(word);
  });

  it.each(['shi', 'zhong', 'lin'])('%s typed right still comes first', (input) => {
    expect(engine.candidates(input, 1, { isFuzzy: true })).toEqual(engine.candidates(input, 1));
  });
});

describe('composition line', () => {
  it.each([
    ['jiangbianxiaoguan', 'jiang bian xiao guan'],
    ['yyzz', 'y y z z'],
    ["xi'an", 'xi an'],
    ['beijingsh', 'bei jing sh'],
    ['xiaov', 'xiao v'],
  ])('%s is cut as %s', (input, parts) => expect(engine.segment(input).join(' ')).toBe(parts));
});

describe('single characters', () => {
  it('every character of GB 2312 can be typed by each of its readings', () => {
    const decoder = new TextDecoder('gbk');
    const offered = new Map(
      syllables.map((syllable) => [
        syllable,
        new Set(engine.candidates(syllable, mostCandidates).map(({ text }) => text)),
      ]),
    );
    const missing: string[] = [];
    let pairs = 0;
    for (let row = 0xb0; row <= 0xf7; row++) {
      for (let cell = 0xa1; cell <= 0xfe; cell++) {
        const character = decoder.decode(Uint8Array.of(row, cell));
        // Row 55 ends five cells early: what follows decodes to private-use characters.
        if (!/^[\u4e00-\u9fff]$/.test(character)) continue;
        const readings = pinyin(character, { multiple: true, toneType: 'none', type: 'array', v: true });
        const typable = readings.filter((reading) => offered.has(reading));
        if (typable.length === 0) missing.push(`${character} has no typable reading (${readings.join(', ')})`);
        for (const reading of typable) {
          pairs++;
          if (offered.get(reading)?.has(character) !== true) missing.push(`${character} ${reading}`);
        }
      }
    }
    expect(missing).toEqual(['嗯 has no typable reading (ng)']);
    expect(pairs).toBeGreaterThan(6763);
  });

  it.each([
    ['嗯', 'en'],
    ['喆', 'zhe'],
    ['镕', 'rong'],
    ['玥', 'yue'],
    ['睿', 'rui'],
    ['行', 'hang'],
    ['行', 'xing'],
    ['单', 'shan'],
    ['曾', 'zeng'],
    ['了', 'liao'],
  ])('%s, of names and of many readings, is offered for %s', (character, reading) => {
    expect(engine.candidates(reading, mostCandidates).map(({ text }) => text)).toContain(character);
  });

  it.each([
    ['wang', '王'],
    ['li', '李'],
    ['zhang', '张'],
    ['liu', '刘'],
    ['chen', '陈'],
    ['dian', '店'],
    ['lu', '路'],
    ['hao', '号'],
  ])('%s offers %s on the first page', (input, character) => expect(top(input, 10)).toContain(character));
});
