// Cuts typed letters into sounds. For every place in the input it lists the edges that can start there:
//
//   y i n g y e z z        full:    a whole syllable             ying, yin …
//   ╰──ying──╯╰ye╯z z      initial: a first sound for a syllable  z -> za … zuo, zha … zhuo
//                          partial: a syllable not yet finished, only at the end of the input
//
// An apostrophe ends a sound. pinyin.ts walks the lexicon along these edges.

import { fuzzySpellingsOf, initials, spellingsOf, syllables } from './syllables.ts';

/** What an edge costs, in nats: how unlikely it is that a person means this cut. */
const penalty = { fuzzy: 2.5, initial: 4, partial: 2.5, partialOfLegal: 5 } as const;

/** Longest typed syllable (`zhuang`). */
const longestSpelling = 6;

/** `costs[syllableId]` is the penalty for reading the edge as that syllable, Infinity when it cannot be. */
export type Edge = { end: number; kind: 'full' | 'initial' | 'partial'; costs: Float32Array };

export type Spelling = {
  /** Edges that start at `at`; `at` must not be on an apostrophe. */
  edgesAt(input: string, at: number): Edge[];
  /** The input cut the likeliest way, for the composition line (`jiangbianxg -> jiang bian x g`). */
  segment(input: string): string[];
};

/** First place at or after `at` that is not an apostrophe. */
export const skipApostrophes = (input: string, at: number): number => {
  let place = at;
  while (input[place] === "'") place++;
  return place;
};

/** @param isFuzzy also reads z/zh, c/ch, s/sh and n/ng as one another, at a cost. */
export const createSpelling = (isFuzzy: boolean): Spelling => {
  const tables = { full: new Map<string, Float32Array>(), initial: new Map<string, Float32Array>() };
  const partials = new Map<string, Float32Array>();

  const note = (table: Map<string, Float32Array>, spelling: string, syllable: number, cost: number): void => {
    let costs = table.get(spelling);
    if (costs === undefined) {
      costs = new Float32Array(syllables.length).fill(Infinity);
      table.set(spelling, costs);
    }
    costs[syllable] = Math.min(costs[syllable] ?? Infinity, cost);
  };

  syllables.forEach((syllable, id) => {
    const exact = spellingsOf(syllable).map((spelling) => ({ spelling, cost: 0 }));
    const fuzzy = isFuzzy ? fuzzySpellingsOf(syllable) : [];
    const near = fuzzy.map(({ spelling, steps }) => ({ spelling, cost: steps * penalty.fuzzy }));
    for (const { spelling, cost } of [...exact, ...near]) {
      note(tables.full, spelling, id, cost);
      for (let length = 1; length < spelling.length; length++) note(partials, spelling.slice(0, length), id, cost);
    }
    for (const initial of initials) if (syllable.startsWith(initial)) note(tables.initial, initial, id, 0);
  });

  const plus = (costs: Float32Array, more: number): Float32Array => costs.map((cost) => cost + more);
  const initialEdges = new Map([...tables.initial].map(([text, costs]) => [text, plus(costs, penalty.initial)]));
  const partialEdges = new Map(
    [...partials].map(([text, costs]) => [
      text,
      plus(costs, tables.full.has(text) ? penalty.partialOfLegal : penalty.partial),
    ]),
  );

  const edgesAt = (input: string, at: number): Edge[] => {
    const edges: Edge[] = [];
    const apostrophe = input.indexOf("'", at);
    const runEnd = apostrophe < 0 ? input.length : apostrophe;
    for (let end = at + 1; end <= Math.min(runEnd, at + longestSpelling); end++) {
      const text = input.slice(at, end);
      const full = tables.full.get(text);
      if (full !== undefined) edges.push({ end, kind: 'full', costs: full });
      const partial = end === input.length ? partialEdges.get(text) : undefined;
      if (partial !== undefined) edges.push({ end, kind: 'partial', costs: partial });
      const initial = initialEdges.get(text);
      // A vowel after it means that the syllable goes on: "ga" is never g + a.
      const isOpen = end === runEnd || !/[aeiouv]/.test(input.charAt(end));
      if (initial !== undefined && partial === undefined && isOpen) edges.push({ end, kind: 'initial', costs: initial });
    }
    return edges;
  };

  const segment = (input: string): string[] => {
    type Cut = { cost: number; parts: string[] };
    const best: (Cut | undefined)[] = [{ cost: 0, parts: [] }];
    let furthest: Cut & { end: number } = { cost: 0, parts: [], end: 0 };
    for (let at = 0; at < input.length; at++) {
      const here = best[at];
      if (here === undefined) continue;
      const from = skipApostrophes(input, at);
      for (const { end, kind } of edgesAt(input, from)) {
        // One nat a sound prefers long syllables; an unfinished or abbreviated sound costs more than a whole one.
        const cost = here.cost + 1 + (kind === 'full' ? 0 : 2);
        const known = best[end];
        if (known !== undefined && known.cost <= cost) continue;
        const cut = { cost, parts: [...here.parts, input.slice(from, end)] };
        best[end] = cut;
        if (end > furthest.end || (end === furthest.end && cost < furthest.cost)) furthest = { ...cut, end };
      }
    }
    const rest = input.slice(skipApostrophes(input, furthest.end));
    return rest === '' ? furthest.parts : [...furthest.parts, rest];
  };

  return { edgesAt, segment };
};
