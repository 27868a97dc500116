// The candidates: one line above the keys, and on wish a page of them over the keys. They act when the finger lifts, so
// that a wrong touch can slide away.

import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp, Delete } from 'lucide-react';
import { useLayoutEffect, useRef, useState, type MouseEvent, type ReactNode, type RefObject } from 'react';
import type { Language } from '../../../main/contract/text.ts';
import { linesOf, type CandidateMetrics } from './candidate-pages.ts';
import { KeyButton } from './key-button.tsx';
import styles from './keyboard.module.css';
import type { Candidate } from './pinyin.ts';
import { texts } from './texts.ts';

const keepFocus = (event: MouseEvent): void => event.preventDefault();

type Measured = CandidateMetrics & { lines: number };

/** Reads the tokens as pixels from the element that holds the lines; follows its size. */
const useCandidateMetrics = (element: RefObject<HTMLElement | null>): Measured | undefined => {
  const [metrics, setMetrics] = useState<Measured>();
  useLayoutEffect(() => {
    const holder = element.current;
    if (holder === null) return undefined;
    const measure = (): void => {
      const style = getComputedStyle(holder);
      const glyphPx = Number.parseFloat(style.fontSize);
      const gapPx = Number.parseFloat(style.columnGap) || 0;
      const linePx = Number.parseFloat(style.lineHeight) || 1;
      setMetrics({
        lineWidthPx: holder.clientWidth,
        glyphPx,
        padPx: glyphPx,
        leastPx: linePx,
        gapPx,
        // Half a pixel a line is lost or won by rounding.
        lines: Math.max(1, Math.floor((holder.clientHeight + gapPx + 2) / (linePx + gapPx))),
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(holder);
    return () => observer.disconnect();
  }, [element]);
  return metrics;
};

type LinesProps = {
  language: Language;
  lines: readonly (readonly Candidate[])[];
  metrics: CandidateMetrics;
  /** The one that the space key takes. */
  best: Candidate | undefined;
  onChoose(candidate: Candidate): void;
};

/** A sentence wider than its line is set smaller, so that it is seen whole. */
const fittedSize = (text: string, metrics: CandidateMetrics): string | undefined => {
  const share = (metrics.lineWidthPx - metrics.padPx) / (Array.from(text).length * metrics.glyphPx);
  return share < 1 ? `${Math.max(0.4, share)}em` : undefined;
};

const CandidateLines = ({ language, lines, metrics, best, onChoose }: LinesProps): ReactNode => (
  <div role="listbox" aria-label={texts.candidates[language]} className={styles['lines']}>
    {lines.map((line) => (
      <div key={line[0]?.text} role="presentation" className={styles['line']}>
        {line.map((candidate) => (
          <button
            key={candidate.text}
            type="button"
            role="option"
            aria-selected={candidate === best}
            className={styles['candidate']}
            onPointerDown={keepFocus}
            onMouseDown={keepFocus}
            onClick={() => onChoose(candidate)}
          >
            <span style={{ fontSize: fittedSize(candidate.text, metrics) }}>{candidate.text}</span>
          </button>
        ))}
      </div>
    ))}
  </div>
);

export type CandidateBarProps = {
  language: Language;
  /** Letters of the composition, cut into sounds; empty when nothing is being composed. */
  sounds: string;
  candidates: readonly Candidate[];
  /** What to say where there are no candidates: how to type, or why pinyin is not there. */
  message: string;
  isTrouble: boolean;
  canClear: boolean;
  onChoose(candidate: Candidate): void;
  onExpand(): void;
  onClear(): void;
};

/** The strip above the keys: what is being typed, the candidates that fit on one line, more, clear. */
export const CandidateBar = (props: CandidateBarProps): ReactNode => {
  const { language, candidates } = props;
  const holder = useRef<HTMLDivElement>(null);
  const metrics = useCandidateMetrics(holder);
  const lines = metrics === undefined ? [] : linesOf(candidates, metrics, 1);
  const isCut = (lines[0]?.length ?? 0) < candidates.length;
  return (
    <div className={styles['bar']}>
      <div className={styles['composition']} role="status">
        {props.sounds}
      </div>
      <div className={styles['choices']}>
        <div ref={holder} className={styles['holder']}>
          {lines.length > 0 && metrics !== undefined ? (
            <CandidateLines
              language={language}
              lines={lines}
              metrics={metrics}
              best={candidates[0]}
              onChoose={props.onChoose}
            />
          ) : (
            <div className={styles['message']} role="status" data-trouble={props.isTrouble ? '' : undefined}>
              {props.message}
            </div>
          )}
        </div>
        {isCut ? (
          <KeyButton name={texts.more[language]} tone="control" onPress={props.onExpand}>
            {texts.more[language]}
            <ChevronDown aria-hidden />
          </KeyButton>
        ) : null}
        {props.canClear ? <KeyButton name={texts.clear[language]} tone="control" onPress={props.onClear} /> : null}
      </div>
    </div>
  );
};

export type CandidatePanelProps = {
  language: Language;
  candidates: readonly Candidate[];
  page: number;
  onChoose(candidate: Candidate): void;
  onTurn(pages: number): void;
  onCollapse(): void;
  onBackspace(): void;
};

/** All candidates, page by page, in the place of the keys. */
export const CandidatePanel = (props: CandidatePanelProps): ReactNode => {
  const { language, page } = props;
  const holder = useRef<HTMLDivElement>(null);
  const metrics = useCandidateMetrics(holder);
  const lines = metrics === undefined ? [] : linesOf(props.candidates, metrics);
  const perPage = metrics?.lines ?? 1;
  const pages = Math.max(1, Math.ceil(lines.length / perPage));
  const shown = Math.min(page, pages - 1);
  return (
    <div className={styles['panel']}>
      <div ref={holder} className={styles['holder']}>
        {metrics === undefined ? null : (
          <CandidateLines
            language={language}
            lines={lines.slice(shown * perPage, (shown + 1) * perPage)}
            metrics={metrics}
            best={props.candidates[0]}
            onChoose={props.onChoose}
          />
        )}
      </div>
      <div className={styles['panelKeys']}>
        <KeyButton
          name={texts.previousPage[language]}
          tone="control"
          isDisabled={shown === 0}
          onPress={() => props.onTurn(-1)}
        >
          <ChevronLeft aria-hidden />
          {texts.previousPage[language]}
        </KeyButton>
        <KeyButton
          name={texts.nextPage[language]}
          tone="control"
          isDisabled={shown >= pages - 1}
          onPress={() => props.onTurn(1)}
        >
          {texts.nextPage[language]}
          <ChevronRight aria-hidden />
        </KeyButton>
        <KeyButton name={texts.backspace[language]} tone="control" onPress={props.onBackspace}>
          <Delete aria-hidden />
        </KeyButton>
        <KeyButton name={texts.less[language]} tone="control" onPress={props.onCollapse}>
          <ChevronUp aria-hidden />
          {texts.less[language]}
        </KeyButton>
      </div>
    </div>
  );
};
