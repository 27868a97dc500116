// Makes pinyin-lexicon.json. Run it after a change of words.ts or places.ts: node renderer/ui/keyboard/build-lexicon.ts
//
//   jieba dict.txt (words, frequencies; MIT) ─┐
//   words.ts, places.ts (ours, boosted)       ├─▶ pinyin-pro (readings; MIT) ─▶ trie by syllables ─▶ pinyin-lexicon.json
//   GB 2312 + name characters                 ┘
//
// The result depends on the two packages' pinned versions and these files only: no time, no machine.

// oxlint-disable-next-line no-restricted-imports -- a build script that runs in Node, never bundled into the renderer
import { writeFileSync } from 'node:fs';
import { dict } from '@node-rs/jieba/dict.js';
import { pinyin } from 'pinyin-pro';
import { longestWord, weightLetter, type PinyinLexicon } from './lexicon-format.ts';
import { placeGroups } from './places.ts';
import { syllables } from './syllables.ts';
import { nameCharacters, withheldParts, wordGroups, wordReadings } from './words.ts';

/** Rarer dictionary words than these occurrences are left out; place names are kept from 3. */
const leastFrequency = { word: 5, place: 3, shortPersonalName: 100 } as const;

/** Share of a character's occurrences as a word of its own that its main reading gets. */
const mainReadingShare = 0.9;

type Word = { text: string; frequency: number; tag: string };
type Entry = { text: string; letters: string; frequency: number };
type Node = { children: Map<string, Node>; entries: Entry[] };

const isHan = (text: string): boolean => /^[\u3400-\u9fff]+$/.test(text);
const legal = new Set(syllables);

/** The 6,763 characters of GB 2312, rows 16 to 87. */
const gb2312Characters = (): string[] => {
  const decoder = new TextDecoder('gbk');
  const found: string[] = [];
  for (let row = 0xb0; row <= 0xf7; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const character = decoder.decode(Uint8Array.of(row, cell));
      if (character.length === 1 && isHan(character)) found.push(character);
    }
  }
  return found;
};

/** Readings of a single character, commonest first; interjections without a vowel get the one people look under. */
const readingsOf = (character: string): string[] => {
  const read = pinyin(character, { multiple: true, toneType: 'none', type: 'array', v: true });
  const plain: Record<string, string> = { m: 'mu', n: 'en', ng: 'en', hng: 'heng', hm: 'hen', lo: 'lo', ê: 'ei' };
  return [...new Set(read.map((sound) => (legal.has(sound) ? sound : (plain[sound] ?? sound))))].filter((sound) =>
    legal.has(sound),
  );
};

const readWord = (text: string): string[] => {
  const own = wordReadings[text];
  return own === undefined ? pinyin(text, { toneType: 'none', type: 'array', v: true }) : own.split(' ');
};

const dictionaryWords = (): Word[] =>
  dict
    .toString()
    .split('\n')
    .map((line) => {
      const [text = '', frequency = '0', tag = ''] = line.trim().split(' ');
      return { text, frequency: Number(frequency), tag };
    })
    .filter(({ text }) => isHan(text));

/** Personal names are left out unless they are also common words: a public screen suggests nobody's name. */
const isKept = ({ text, frequency, tag }: Word): boolean => {
  if (text.length < 2 || text.length > longestWord) return false;
  if (withheldParts.some((part) => text.includes(part))) return false;
  if (tag.startsWith('nr')) return text.length === 2 && frequency >= leastFrequency.shortPersonalName;
  return frequency >= (tag === 'ns' ? leastFrequency.place : leastFrequency.word);
};

const characters = new Set([...gb2312Characters(), ...Array.from(nameCharacters)]);
const everyWord = dictionaryWords();
const aloneFrequency = new Map(everyWord.filter(({ text }) => text.length === 1).map((w) => [w.text, w.frequency]));

const frequencies = new Map<string, number>();
for (const word of everyWord) {
  if (isKept(word) && Array.from(word.text).every((character) => characters.has(character))) {
    frequencies.set(word.text, word.frequency);
  }
}
for (const { frequency, words } of [...wordGroups, ...placeGroups]) {
  for (const text of words.trim().split(/\s+/)) {
    if (!isHan(text) || text.length < 2 || text.length > longestWord) throw new Error(`not a word: ${text}`);
    frequencies.set(text, Math.max(frequency, frequencies.get(text) ?? 0));
  }
}

const root: Node = { children: new Map(), entries: [] };
const add = (sounds: readonly string[], entry: Entry): void => {
  let node = root;
  for (const sound of sounds) {
    let child = node.children.get(sound);
    if (child === undefined) {
      child = { children: new Map(), entries: [] };
      node.children.set(sound, child);
    }
    node = child;
  }
  node.entries.push(entry);
};

/** character + reading -> occurrences inside words. */
const usage = new Map<string, number>();
let unreadable = 0;
for (const [text, frequency] of frequencies) {
  const sounds = readWord(text);
  if (sounds.length !== text.length || !sounds.every((sound) => legal.has(sound))) {
    unreadable++;
    continue;
  }
  add(sounds, { text, letters: weightLetter(frequency), frequency });
  sounds.forEach((sound, index) => {
    const key = text.charAt(index) + sound;
    usage.set(key, (usage.get(key) ?? 0) + frequency);
  });
}

for (const character of characters) {
  const readings = readingsOf(character);
  if (readings.length === 0) throw new Error(`no reading for ${character}`);
  const alone = aloneFrequency.get(character) ?? 0;
  readings.forEach((sound, index) => {
    const ownShare = index === 0 ? mainReadingShare : (1 - mainReadingShare) / readings.length;
    const inWords = usage.get(character + sound) ?? 0;
    const frequency = alone * ownShare;
    const all = frequency + inWords;
    add([sound], { text: character, letters: weightLetter(frequency) + weightLetter(all), frequency: all });
  });
}

for (const syllable of syllables) {
  if (!root.children.has(syllable)) throw new Error(`no character is read ${syllable}: take it out of syllables.ts`);
}

/** Depth-first text of a node's children, as lexicon-format.ts describes it. */
const write = (node: Node, depth: number): string =>
  [...node.children.keys()]
    .sort()
    .map((sound) => {
      const child = node.children.get(sound) as Node;
      const entries = child.entries.sort((a, b) => b.frequency - a.frequency || (a.text < b.text ? -1 : 1));
      const texts = entries.map(({ text, letters }) => text + letters).join('');
      return `${depth}${sound}${texts}${write(child, depth + 1)}`;
    })
    .join('');

const byLetter = Array.from('abcdefghijklmnopqrstuvwxyz')
  .map((letter) => {
    const branch = new Map([...root.children].filter(([sound]) => sound.startsWith(letter)));
    return write({ children: branch, entries: [] }, 1);
  })
  .filter((text) => text !== '');

const lexicon: PinyinLexicon = {
  about:
    'Made by build-lexicon.ts from the dictionary of @node-rs/jieba (MIT) and the readings of pinyin-pro (MIT) with words.ts and places.ts. Do not edit.',
  format: 1,
  trie: byLetter,
};
const json = `${JSON.stringify(lexicon, null, 1)}\n`;
writeFileSync(new URL('pinyin-lexicon.json', import.meta.url), json);
console.log(
  `${frequencies.size} words, ${characters.size} characters, ${Buffer.byteLength(json)} bytes; ${unreadable} words without a reading left out`,
);
