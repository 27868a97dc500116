// The syllables of Mandarin as they are typed (ü is v) and what a hasty or southern hand types instead.
// build-lexicon.ts keeps only readings that stand here; pinyin.ts cuts the typed letters by this table.

const rows = `
  a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu
  ca cai can cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chuai chuan chuang chui chun chuo
  ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei deng di dia dian diao die ding diu dong dou du duan dui dun duo
  e ei en er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo
  ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo
  ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun
  ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo
  la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv lve
  ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu
  na nai nan nang nao ne nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve
  o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
  ran rang rao re ren reng ri rong rou ru ruan rui run ruo
  sa sai san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
  si song sou su suan sui sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo
  wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun
  ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
  za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui
  zhun zhuo zi zong zou zu zuan zui zun zuo`;

/** All syllables, sorted; a syllable's place in this list is its id in the lexicon. */
export const syllables: readonly string[] = rows.trim().split(/\s+/).sort();

/** First sounds that may stand for a whole syllable (`yyzz` for 营业执照). */
export const initials: readonly string[] = 'b p m f d t n l g k h j q x zh ch sh r z c s y w'.split(' ');

/** Other spellings of the same sound: what schools, passports and other keyboards write. */
const sameSound: Readonly<Record<string, string>> = {
  lue: 'lve',
  nue: 'nve',
  jv: 'ju',
  jvan: 'juan',
  jve: 'jue',
  jvn: 'jun',
  qv: 'qu',
  qvan: 'quan',
  qve: 'que',
  qvn: 'qun',
  xv: 'xu',
  xvan: 'xuan',
  xve: 'xue',
  xvn: 'xun',
  yv: 'yu',
};

/** The spellings that stand for `syllable` without any penalty, itself first. */
export const spellingsOf = (syllable: string): string[] => [
  syllable,
  ...Object.entries(sameSound).flatMap(([spelling, sound]) => (sound === syllable ? [spelling] : [])),
];

/**
 * What people who do not keep z/zh, c/ch, s/sh or n/ng apart type for `syllable` (never the syllable itself), with the
 * number of sounds they confuse: `zhang -> zang 1, zhan 1, zan 2`.
 */
export const fuzzySpellingsOf = (syllable: string): { spelling: string; steps: number }[] => {
  const swapHead = (text: string): string =>
    /^[zcs]h/.test(text) ? text.charAt(0) + text.slice(2) : text.replace(/^[zcs]/, '$&h');
  const swapTail = (text: string): string =>
    /[aei]ng$/.test(text) ? text.slice(0, -1) : text.replace(/[aei]n$/, '$&g');
  const head = swapHead(syllable);
  const tail = swapTail(syllable);
  return [
    { spelling: head, steps: 1 },
    { spelling: tail, steps: 1 },
    { spelling: swapTail(head), steps: 2 },
  ].filter(({ spelling, steps }) => spelling !== syllable && (steps === 1 || (head !== syllable && tail !== syllable)));
};
