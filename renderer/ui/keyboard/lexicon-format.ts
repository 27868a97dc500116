// The shape of pinyin-lexicon.json, shared by its writer (build-lexicon.ts) and its reader (lexicon-trie.ts).
//
//   trie text, depth first:   1ying应xK英uJ…2ye营业k3zhi4zhao营业执照n
//                             │└ syllable │ └ word and weight letter
//                             └ depth     └ next node: one syllable deeper under "ying"
//
// A node's words come most frequent first. A single character (depth 1) has two letters: as a word of its own, then
// counted inside words too (the order in which single characters are offered).

/** Weight letters, lightest first. */
export const weightLetters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Each letter is this many natural-log units of frequency above the one before. */
export const weightStep = 0.3;

/** Natural logarithm of the corpus size (occurrences) that the weights count in. */
export const corpusLog = Math.log(60_000_000);

/** Longest word, in syllables; the depth is one digit. */
export const longestWord = 9;

export type PinyinLexicon = {
  about: string;
  format: 1;
  /** One text per first letter of the first syllable; together they are one trie in syllable order. */
  trie: string[];
};

/** Quantises `frequency` (occurrences) to a weight letter. */
export const weightLetter = (frequency: number): string => {
  const level = Math.round(Math.log(Math.max(1, frequency)) / weightStep);
  return weightLetters.charAt(Math.min(weightLetters.length - 1, level));
};

/** Natural log of the frequency that a weight letter's character code stands for; the inverse of `weightLetter`. */
export const weightOfCode = (code: number): number => (code >= 97 ? code - 97 : code - 65 + 26) * weightStep;
