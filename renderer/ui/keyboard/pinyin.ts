// The pinyin input method: typed letters in, Chinese candidates out. Pure, no state between key strokes.
//
//   letters ─▶ spelling edges ─▶ words of the lexicon from every place ─▶ best ways to the end (Viterbi, backwards)
//                                                                     ╰▶ whole-input words, sentences, first words
//
// Costs are natural logs: a word costs -ln(its share of the corpus) plus the penalties of its spelling. The keyboard
// (keyboard-machine.ts) holds the letters; this file never sees the screen.

import { corpusLog, longestWord, type PinyinLexicon } from './lexicon-format.ts';
import { openTrie, type Trie } from './lexicon-trie.ts';
import { createSpelling, type Cuts, type Edge } from './spelling.ts';

/** `consumed` letters of the input (apostrophes included, at least 1) become `text`. */
export type Candidate = { text: string; consumed: number };

/** `isFuzzy` also reads z/zh, c/ch, s/sh and n/ng as one another, at a cost (elder mode). */
export type PinyinOptions = { isFuzzy?: boolean };

export type PinyinEngine = {
  /** Best first; empty when the input does not start like a syllable. Letters beyond `longestInput` are not looked at. */
  candidates(input: string, limit: number, options?: PinyinOptions): Candidate[];
  /** The input cut into sounds for the composition line: `yyzhizhao -> y y zhi zhao`. */
  segment(input: string, options?: PinyinOptions): string[];
};

/** Letters of one composition; a long address is typed in several. */
export const longestInput = 48;

/** Candidates worth asking for: every character of the richest syllable (yi) and the words beside them. */
export const mostCandidates = 500;

/** Nats for each further word of a sentence: keeps one long word before two short ones of equal chance. */
const joinCost = 0.6;
/** Nats for a single character inside a sentence: it is rarely what follows when longer words fit. */
const singleCost = 0.8;
/** Nats taken off a word that uses up several sounds, in the list: `xian` shows 西安 among 先, 线, 县. */
const wordBonus = 3;
/**
 * Nats for a word whose end has not been typed yet, and for each of its untyped sounds; offered only where the typed
 * part is spelled out (penalties of at most `typedAtMost`).
 */
const completionCost = { base: 1.5, sound: 1.2, typedAtMost: 2.5 } as const;
/** A first word whose best sentence costs this many nats more than the best one's comes after the single characters. */
const farFetched = 5;
const completionsShown = 2;
/** Ways kept from each place to the end, and words kept of one node for them. */
const beam = 3;
/** Trie nodes visited from one place; only long rows of abbreviations come near it. */
const visitBudget = 12_000;

type Match = { text: string; end: number; cost: number; listCost: number };
type Way = { text: string; cost: number; words: number };
type Ranked = { text: string; consumed: number; cost: number };

/** Words whose spelling starts at `from`, and (for the first place) words that go on beyond the input. */
const matchesFrom = (
  trie: Trie,
  cuts: Cuts,
  from: number,
  wordsOfNode: (kind: Edge['kind']) => number,
  onEnd?: (node: number, depth: number, cost: number) => void,
): Match[] => {
  const found: Match[] = [];
  let visits = 0;

  const visit = (node: number, edge: Edge, depth: number, cost: number): void => {
    visits++;
    const { end } = edge;
    for (const { text, weight, listWeight } of trie.words(node, wordsOfNode(edge.kind))) {
      const base = corpusLog + cost;
      const isSingle = depth === 1;
      found.push({
        text,
        end,
        cost: base - weight + (isSingle ? singleCost : 0),
        listCost: base - listWeight - (isSingle ? 0 : wordBonus),
      });
    }
    if (end === cuts.goal) onEnd?.(node, depth, cost);
    else if (depth < longestWord) walk(node, end, depth, cost);
  };

  const walk = (node: number, at: number, depth: number, cost: number): void => {
    const edges = cuts.edges[at] ?? [];
    if (edges.length === 0) return;
    for (let child = trie.firstChild(node); child >= 0; child = trie.nextSibling(child)) {
      const syllable = trie.syllable(child);
      for (const edge of edges) {
        const more = edge.costs[syllable] ?? Infinity;
        if (more < Infinity && visits < visitBudget) visit(child, edge, depth + 1, cost + more);
      }
    }
  };

  for (const edge of cuts.edges[from] ?? []) {
    edge.costs.forEach((cost, syllable) => {
      const node = cost < Infinity ? trie.root(syllable) : -1;
      if (node >= 0) visit(node, edge, 1, cost);
    });
  }
  return found;
};

/** The likeliest words under `node`, whose last sounds are not typed yet. */
const completionsOf = (trie: Trie, node: number, cost: number): Ranked[] => {
  const found: Ranked[] = [];
  let visits = 0;
  const walk = (parent: number, sounds: number): void => {
    for (let child = trie.firstChild(parent); child >= 0; child = trie.nextSibling(child)) {
      if (++visits > 200) return;
      const [word] = trie.words(child, 1);
      const penalty = completionCost.base + completionCost.sound * sounds - wordBonus;
      if (word) found.push({ text: word.text, consumed: 0, cost: corpusLog - word.weight + cost + penalty });
      walk(child, sounds + 1);
    }
  };
  walk(node, 1);
  return found;
};

const byCost = (a: { cost: number }, b: { cost: number }): number => a.cost - b.cost;

/** Keeps the first of each text, in order. */
const distinct = <T extends { text: string }>(items: readonly T[]): T[] => {
  const seen = new Set<string>();
  return items.filter(({ text }) => !seen.has(text) && seen.add(text));
};

/** Opens the lexicon (some tens of milliseconds; once). */
export const createPinyinEngine = (lexicon: PinyinLexicon): PinyinEngine => {
  const trie = openTrie(lexicon);
  const strict = createSpelling(false);
  const tolerant = createSpelling(true);

  const candidates = (typed: string, limit: number, options: PinyinOptions = {}): Candidate[] => {
    const spelling = options.isFuzzy === true ? tolerant : strict;
    const input = /^[a-z']*/.exec(typed.toLowerCase().slice(0, longestInput))?.[0] ?? '';
    const cuts = spelling.cut(input);
    const { start, goal } = cuts;
    if (start === goal || limit < 1) return [];

    // Backwards: the best ways from each place to the goal.
    const ways: Way[][] = [];
    ways[goal] = [{ text: '', cost: 0, words: 0 }];
    let first: Match[] = [];
    let completions: Ranked[] = [];
    for (let at = goal - 1; at >= start; at--) {
      if (cuts.edges[at]?.length === 0) continue;
      const isFirst = at === start;
      const complete = (node: number, depth: number, cost: number): void => {
        if (depth >= 2 && cost <= completionCost.typedAtMost) completions.push(...completionsOf(trie, node, cost));
      };
      const matches = isFirst
        ? matchesFrom(trie, cuts, at, (kind) => (kind === 'full' ? limit : beam), complete)
        : matchesFrom(trie, cuts, at, () => beam);
      if (isFirst) first = matches;
      const onward = matches.flatMap(({ text, end, cost }) =>
        (ways[end] ?? []).map((rest) => ({
          text: text + rest.text,
          cost: cost + rest.cost + (rest.words > 0 ? joinCost : 0),
          words: rest.words + 1,
        })),
      );
      ways[at] = distinct(onward.sort(byCost).slice(0, beam * 3)).slice(0, beam);
    }

    const whole: Ranked[] = [];
    const part: Ranked[] = [];
    for (const { text, end, listCost } of first) {
      const rest = ways[end]?.[0];
      if (end === goal) whole.push({ text, consumed: end, cost: listCost });
      else if (rest !== undefined) part.push({ text, consumed: end, cost: listCost + rest.cost });
    }
    for (const { text, cost, words } of ways[start] ?? []) {
      if (words > 1) whole.push({ text, consumed: goal, cost: cost - wordBonus });
    }
    completions = goal === input.length ? completions.sort(byCost).slice(0, completionsShown) : [];
    // What was typed comes before what might be meant.
    const leastCost = Math.min(...whole.map(({ cost }) => cost));
    const guessed = completions.map(({ text, cost }) => ({ text, consumed: goal, cost: Math.max(cost, leastCost) }));
    const bestCost = Math.min(...part.map(({ cost }) => cost));
    const tierOf = ({ text, cost }: Ranked): number => {
      if (text.length === 1) return 1;
      return cost < bestCost + farFetched ? 0 : 2;
    };
    part.sort((a, b) => tierOf(a) - tierOf(b) || a.cost - b.cost);

    return distinct([...[...whole, ...guessed].sort(byCost), ...part])
      .slice(0, limit)
      .map(({ text, consumed }) => ({ text, consumed }));
  };

  const segment = (typed: string, options: PinyinOptions = {}): string[] =>
    (options.isFuzzy === true ? tolerant : strict).segment(typed.toLowerCase());

  return { candidates, segment };
};
