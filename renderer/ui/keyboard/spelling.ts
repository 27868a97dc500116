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

/** A cut this much dearer than the cheapest is not looked at: nobody types two first sounds where one syllable stands. */
const slack = 6;

/** Longest typed syllable (`zhuang`). */
const longestSpelling = 6;

/**
 * `costs[syllableId]` is the penalty for reading the edge as that syllable, Infinity when it cannot be; `least` is the
 * smallest of them.
 */
export type Edge = { end: number; kind: 'full' | 'initial' | 'partial'; costs: Float32Array; least: number };

/** All sensible cuts of an input: `edges[at]` start at `at`, and every one of them lies on a way from `start` to `goal`. */
export type Cuts = { start: number; goal: number; edges: Edge[][] };

export type Spelling = {
  /**
   * Cuts that cost at most `slack` more than the cheapest one. `goal` is as far as sounds reach: the input's end, or the
   * place where what follows is no sound (yet); it is `start` when nothing is.
   */
  cut(input: string): Cuts;
  /** The input cut the likeliest way, for the composition line (`jiangbianxg -> jiang bian x g`). */
  segment(input: string): string[];
};

const leastOf = (costs: Float32Array): number => costs.reduce((least, cost) => Math.min(least, cost), Infinity);

/** First place at or after `at` that is not an apostrophe. */
const skipApostrophes = (input: string, at: number): number => {
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

  /** Edges that start at `at`, which is not on an apostrophe. */
  const edgesAt = (input: string, at: number): Edge[] => {
    const edges: Edge[] = [];
    const apostrophe = input.indexOf("'", at);
    const runEnd = apostrophe < 0 ? input.length : apostrophe;
    for (let end = at + 1; end <= Math.min(runEnd, at + longestSpelling); end++) {
      const text = input.slice(at, end);
      const full = tables.full.get(text);
      if (full !== undefined) edges.push({ end, kind: 'full', costs: full, least: leastOf(full) });
      const partial = end === input.length ? partialEdges.get(text) : undefined;
      if (partial !== undefined) edges.push({ end, kind: 'partial', costs: partial, least: leastOf(partial) });
      const initial = initialEdges.get(text);
      // A vowel after it means that the syllable goes on: "ga" is never g + a.
      const isOpen = end === runEnd || !/[aeiouv]/.test(input.charAt(end));
      if (initial !== undefined && partial === undefined && isOpen) {
        edges.push({ end, kind: 'initial', costs: initial, least: penalty.initial });
      }
    }
    return edges;
  };

  const cut = (input: string): Cuts => {
    const start = skipApostrophes(input, 0);
    const edges: Edge[][] = Array.from({ length: input.length + 1 }, () => []);
    const fromStart: number[] = Array.from({ length: input.length + 1 }, () => Infinity);
    fromStart[start] = 0;
    let goal = start;
    for (let at = start; at < input.length; at++) {
      const here = fromStart[at] ?? Infinity;
      if (here === Infinity) continue;
      for (const edge of edgesAt(input, at)) {
        const end = skipApostrophes(input, edge.end);
        edges[at]?.push({ ...edge, end });
        fromStart[end] = Math.min(fromStart[end] ?? Infinity, here + edge.least);
        goal = Math.max(goal, end);
      }
    }
    const most = (fromStart[goal] ?? 0) + slack;
    const toGoal: number[] = Array.from({ length: input.length + 1 }, () => Infinity);
    toGoal[goal] = 0;
    for (let at = goal - 1; at >= start; at--) {
      edges[at] = (edges[at] ?? []).filter((edge) => {
        const rest = edge.least + (toGoal[edge.end] ?? Infinity);
        if ((fromStart[at] ?? Infinity) + rest > most) return false;
        toGoal[at] = Math.min(toGoal[at] ?? Infinity, rest);
        return true;
      });
    }
    return { start, goal, edges };
  };

  const segment = (input: string): string[] => {
    const { start, goal, edges } = cut(input);
    // One nat a sound prefers long syllables where the penalties are equal.
    type Parts = { cost: number; parts: string[] };
    const best: (Parts | undefined)[] = [];
    best[start] = { cost: 0, parts: [] };
    for (let at = start; at < goal; at++) {
      const here = best[at];
      for (const edge of here === undefined ? [] : (edges[at] ?? [])) {
        const cost = (here?.cost ?? 0) + 1 + edge.least;
        if ((best[edge.end]?.cost ?? Infinity) <= cost) continue;
        const part = input.slice(at, edge.end).replaceAll("'", '');
        best[edge.end] = { cost, parts: [...(here?.parts ?? []), part] };
      }
    }
    const rest = input.slice(goal).replaceAll("'", '');
    const parts = best[goal]?.parts ?? [];
    return rest === '' ? parts : [...parts, rest];
  };

  return { cut, segment };
};
