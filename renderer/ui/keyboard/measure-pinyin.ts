// Prints how long the pinyin engine takes to open and per key stroke: node renderer/ui/keyboard/measure-pinyin.ts
// Every prefix of each phrase is looked up, as when a person types it. Figures only; nothing fails on them.

// oxlint-disable-next-line no-restricted-imports -- a measurement that runs in Node, never bundled into the renderer
import { readFileSync } from 'node:fs';
import type { PinyinLexicon } from './lexicon-format.ts';
import { createPinyinEngine } from './pinyin.ts';

const phrases = [
  'jiangbianxiaoguan',
  'canyinfuwuyouxiangongsi',
  'yyzz',
  'zzzzzzzz',
  'bjsdcqjdbsc',
  'woyaobanliyingyezhizhao',
  'shanghaishipudongxinqushijidadao',
  "xi'anshibeilinqu",
  'laozhangjianiuroumianguan',
];

const percentile = (values: readonly number[], share: number): number =>
  values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

const lexicon = JSON.parse(
  readFileSync(new URL('pinyin-lexicon.json', import.meta.url), 'utf8'),
) as unknown as PinyinLexicon;

const opening = performance.now();
const engine = createPinyinEngine(lexicon);
console.log(`open ${(performance.now() - opening).toFixed(0)} ms`);

for (const isFuzzy of [false, true]) {
  const strokes: { input: string; ms: number }[] = [];
  for (let round = 0; round < 3; round++) {
    for (const phrase of phrases) {
      for (let length = 1; length <= phrase.length; length++) {
        const input = phrase.slice(0, length);
        const started = performance.now();
        engine.candidates(input, 400, { isFuzzy });
        if (round > 0) strokes.push({ input, ms: performance.now() - started });
      }
    }
  }
  strokes.sort((a, b) => a.ms - b.ms);
  const sorted = strokes.map(({ ms }) => ms);
  const slowest = strokes.at(-1);
  console.log(
    `key stroke, fuzzy ${isFuzzy}: median ${percentile(sorted, 0.5).toFixed(2)} ms,` +
      ` p95 ${percentile(sorted, 0.95).toFixed(2)} ms, slowest ${slowest?.ms.toFixed(2)} ms (${slowest?.input})`,
  );
}
