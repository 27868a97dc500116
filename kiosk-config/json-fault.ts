// Where JSON is broken, in line and column. `JSON.parse` decides whether a text is JSON; this second reading only finds the place
// (V8's messages do not always carry one) and the keys that stand twice, of which JSON.parse silently keeps the last.

import type { Text } from '../main/contract/text.ts';
import type { PathPart } from './problem.ts';

export type JsonFault = { offset: number; line: number; column: number; message: Text };
export type RepeatedKey = { path: readonly PathPart[]; line: number; column: number };
export type JsonReading = { fault?: JsonFault; repeatedKeys: readonly RepeatedKey[] };

class Stop extends Error {
  readonly offset: number;
  readonly text: Text;
  constructor(offset: number, text: Text) {
    super(text.en);
    this.offset = offset;
    this.text = text;
  }
}

const deepest = 100;

/** Line and column as editors count them, from 1. */
export const positionOf = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

/** Reads JSON strictly (RFC 8259) without building values. */
export const readJson = (text: string): JsonReading => {
  const repeatedKeys: RepeatedKey[] = [];
  const path: PathPart[] = [];
  let at = 0;

  const stop = (offset: number, zh: string, en: string): never => {
    throw new Stop(offset, { zh, en });
  };
  const shown = (): string => JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
  const ended = (): never =>
    stop(at, '文件在这里突然结束，少了右括号或引号', 'the file ends here; a closing bracket or quote is missing');

  const skipSpace = (): void => {
    for (let char = text[at]; char === ' ' || char === '\n' || char === '\r' || char === '\t'; char = text[at]) at++;
    if (text[at] === '/') stop(at, 'JSON 里不能写注释', 'JSON has no comments');
    if (text[at] === '\uFEFF') stop(at, '文件里混入了看不见的 BOM 字符', 'an invisible BOM character stands here');
  };

  const readString = (): string => {
    const start = at;
    at++;
    while (text[at] !== '"') {
      const char = text[at];
      if (char === undefined) stop(start, '这个引号没有配对的右引号', 'this quote is never closed');
      if ((char ?? '') < ' ')
        stop(at, '引号里不能直接换行或用制表符', 'a line break or tab cannot stand inside quotes');
      if (char === '\\') {
        const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6));
        if (!escape) stop(at, '反斜杠要写两个:\\\\', 'a backslash is written twice: \\\\');
        at += escape?.[0].length ?? 1;
      } else at++;
    }
    at++;
    return JSON.parse(text.slice(start, at)) as string;
  };

  const readMember = (keys: Set<string>, depth: number): void => {
    if (text[at] === undefined) ended();
    if (text[at] === "'") stop(at, '要用英文双引号 ",不能用单引号', 'use double quotes ", not single ones');
    if (text[at] === '“' || text[at] === '”')
      stop(at, '这是中文引号，要用英文双引号 "', 'these are curly quotes; use straight ones "');
    if (text[at] !== '"')
      stop(at, `名称要加英文双引号，这里是 ${shown()}`, `a name in double quotes is expected, not ${shown()}`);
    const keyAt = at;
    const key = readString();
    path.push(key);
    if (keys.has(key)) repeatedKeys.push({ path: [...path], ...positionOf(text, keyAt) });
    keys.add(key);
    skipSpace();
    if (text[at] === undefined) ended();
    if (text[at] !== ':')
      stop(at, `名称后面要有英文冒号 :,这里是 ${shown()}`, `a colon is expected here, not ${shown()}`);
    at++;
    readValue(depth);
    path.pop();
  };

  const readList = (close: ']' | '}', readItem: (index: number) => void): void => {
    at++;
    skipSpace();
    if (text[at] === close) {
      at++;
      return;
    }
    for (let index = 0; ; index++) {
      readItem(index);
      skipSpace();
      const char = text[at];
      if (char === close) {
        at++;
        return;
      }
      if (char === undefined) ended();
      if (char !== ',')
        stop(
          at,
          `这里少了英文逗号或 ${close}，看到的是 ${shown()}`,
          `a comma or ${close} is expected here, not ${shown()}`,
        );
      const commaAt = at;
      at++;
      skipSpace();
      if (text[at] === close) stop(commaAt, '最后一项后面多了一个逗号', 'there is a comma after the last entry');
    }
  };

  const readValue = (depth: number): void => {
    if (depth > deepest) stop(at, '括号嵌套太深', 'brackets are nested too deeply');
    skipSpace();
    const char = text[at];
    if (char === undefined) ended();
    if (char === '{') {
      const keys = new Set<string>();
      readList('}', () => readMember(keys, depth + 1));
    } else if (char === '[') {
      readList(']', (index) => {
        path.push(index);
        readValue(depth + 1);
        path.pop();
      });
    } else if (char === '"') readString();
    else {
      const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/.exec(
        text.slice(at, at + 400),
      );
      if (!word)
        stop(
          at,
          `这里不是一个值：${shown()}(文字要加英文双引号)`,
          `this is no value: ${shown()} (text needs double quotes)`,
        );
      at += word?.[0].length ?? 1;
    }
  };

  try {
    readValue(0);
    skipSpace();
    if (at < text.length)
      stop(at, `文件到此应该结束，后面还有 ${shown()}`, `the file should end here, but ${shown()} follows`);
    return { repeatedKeys };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { fault: { offset: error.offset, ...positionOf(text, error.offset), message: error.text }, repeatedKeys };
  }
};
