// Splits a line of a ticket into runs of wide characters (two columns of the paper) and narrow ones (one column).

/** Han, kana, full-width forms and the punctuation that GB fonts draw full width. */
const isWide = (char: string): boolean =>
  /[\u1100-\u115f\u2010-\u2027\u2030-\u205e\u2460-\u24ff\u25a0-\u26ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u.test(
    char,
  ) || (char.codePointAt(0) ?? 0) > 0xffff;

export type PaperRun = { text: string; isWide: boolean };

/** `A12 大厅` → narrow `A12 `, wide `大厅`. */
export const paperRuns = (line: string): PaperRun[] => {
  const runs: PaperRun[] = [];
  for (const char of line) {
    const wide = isWide(char);
    const last = runs.at(-1);
    if (last !== undefined && last.isWide === wide) last.text += char;
    else runs.push({ text: char, isWide: wide });
  }
  return runs;
};

/** Columns that a line takes on paper. */
export const paperColumns = (line: string): number =>
  paperRuns(line).reduce((sum, run) => sum + Array.from(run.text).length * (run.isWide ? 2 : 1), 0);

/**
 * How much larger a centred line is printed (1 … 3). The preview is plain text, but it indents a line for the width that it
 * takes on paper: only one size fits the indent.
 */
export const paperSize = (line: string, columns: number): 1 | 2 | 3 => {
  const text = line.trimStart();
  const indent = line.length - text.length;
  if (indent === 0) return 1;
  const width = paperColumns(text);
  const fits = (size: number): boolean => Math.floor((columns - width * size) / 2) === indent;
  if (fits(1)) return 1;
  return fits(2) ? 2 : fits(3) ? 3 : 1;
};

/** The data of a line that stands for a QR code on paper: `[QR …]`. */
export const paperQr = (line: string): string | undefined => /^\s*\[QR (.+)\]\s*$/.exec(line)?.[1];
