// Opens the lexicon's text as a trie without copying it: one pass over the letters fills four number columns, and words
// are cut out of the text only when a search shows them. 200,000 nodes cost some 3 MB and a few milliseconds.
//
//   pinyin-lexicon.json ─▶ openTrie ─▶ pinyin.ts

import { weightOfCode, type PinyinLexicon } from './lexicon-format.ts';
import { syllables } from './syllables.ts';

/** A word of a node: its text and the natural logs of its frequencies. */
export type TrieWord = {
  text: string;
  /** As a word in running text. */
  weight: number;
  /** For a single character: counted inside words as well; the same as `weight` for longer words. */
  listWeight: number;
};

/** Nodes are numbers; -1 is none. */
export type Trie = {
  /** The depth-1 node of a syllable id. */
  root(syllable: number): number;
  firstChild(node: number): number;
  nextSibling(node: number): number;
  syllable(node: number): number;
  /** At most `limit` words that end at the node, most frequent first. */
  words(node: number, limit: number): TrieWord[];
};

const isDigit = (code: number): boolean => code >= 49 && code <= 57;
const isLetter = (code: number): boolean => code >= 97 && code <= 122;

/** Throws when the lexicon is not of this format: it is shipped with the program, so that is a bug. */
export const openTrie = (lexicon: PinyinLexicon): Trie => {
  const text = lexicon.trie.join('');
  let count = 0;
  for (let at = 0; at < text.length; at++) if (isDigit(text.charCodeAt(at))) count++;

  const depths = new Uint8Array(count);
  const sounds = new Uint16Array(count);
  const siblings = new Int32Array(count).fill(-1);
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  const roots = new Int32Array(syllables.length).fill(-1);
  const ids = new Map(syllables.map((syllable, id) => [syllable, id]));
  /** The last node seen at each depth on the way here. */
  const path = new Int32Array(10).fill(-1);

  let node = -1;
  for (let at = 0; at < text.length;) {
    node++;
    const depth = text.charCodeAt(at) - 48;
    let end = at + 1;
    while (isLetter(text.charCodeAt(end))) end++;
    const sound = ids.get(text.slice(at + 1, end));
    if (sound === undefined || depth < 1) throw new Error(`the pinyin lexicon is damaged near character ${at}`);
    starts[node] = end;
    while (end < text.length && !isDigit(text.charCodeAt(end))) end++;
    ends[node] = end;
    depths[node] = depth;
    sounds[node] = sound;
    const before = path[depth] ?? -1;
    if (depth === 1) roots[sound] = node;
    else if (before >= 0) siblings[before] = node;
    path[depth] = node;
    path.fill(-1, depth + 1);
    at = end;
  }

  return {
    root: (syllable) => roots[syllable] ?? -1,
    firstChild: (parent) => (depths[parent + 1] === (depths[parent] ?? 0) + 1 ? parent + 1 : -1),
    nextSibling: (before) => siblings[before] ?? -1,
    syllable: (of) => sounds[of] ?? -1,
    words: (of, limit) => {
      const found: TrieWord[] = [];
      const length = depths[of] ?? 0;
      const end = ends[of] ?? 0;
      const letters = length === 1 ? 2 : 1;
      for (let at = starts[of] ?? 0; at < end && found.length < limit; at += length + letters) {
        const weight = weightOfCode(text.charCodeAt(at + length));
        const listWeight = length === 1 ? weightOfCode(text.charCodeAt(at + 2)) : weight;
        found.push({ text: text.slice(at, at + length), weight, listWeight });
      }
      return found;
    },
  };
};
