// The kiosk's own keyboard: letters with pinyin, letters without, and number pads. It holds what is being composed and
// nothing else; the text belongs to the field that has the focus.
//
//   fingers ─▶ KeyButton ─▶ nextKeyboard (pure) ─▶ onText / onBackspace / onClear / onEnter ─▶ the field

import { ArrowBigUp, Delete } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type CSSProperties, type ReactNode } from 'react';
import type { Language, ScreenMode } from '../../../main/contract/text.ts';
import { CandidateBar, CandidatePanel } from './candidates.tsx';
import { KeyButton, type KeyTone } from './key-button.tsx';
import { initialKeyboard, nextKeyboard, type KeyboardEvent, type KeyboardState } from './keyboard-machine.ts';
import styles from './keyboard.module.css';
import { hasLetters, letterRows, padKeys, type Key, type KeyboardLayout, type PlacedKey } from './keys.ts';
import { pinyinStatus, preparePinyin, watchPinyin } from './load-pinyin.ts';
import { mostCandidates, type Candidate } from './pinyin.ts';
import { texts } from './texts.ts';

export type KeyboardProps = {
  layout: KeyboardLayout;
  /** `elder` also reads zh/z, ch/c, sh/s and n/ng as one another. Sizes follow the tokens of the page. */
  mode: ScreenMode;
  language: Language;
  onText(text: string): void;
  onBackspace(): void;
  /** Empties the field; without it there is no key for that. */
  onClear?(): void;
  onEnter(): void;
  /** What the enter key says and is called by: 下一步, 完成, 查找 … */
  enterLabel: string;
  /** At every key press, for the sound. */
  onKey?(): void;
};

/** Name and face of a key in the present state. */
const describe = (
  key: Key,
  state: KeyboardState,
  { language, enterLabel }: Pick<KeyboardProps, 'language' | 'enterLabel'>,
): { name: string; face?: ReactNode; tone?: KeyTone; isOn?: boolean } => {
  switch (key.type) {
    case 'letter':
      return { name: state.script === 'latin' && state.shift !== 'off' ? key.letter.toUpperCase() : key.letter };
    case 'text':
      return { name: key.text };
    case 'space':
      return { name: texts.space[language] };
    case 'backspace':
      return { name: texts.backspace[language], face: <Delete aria-hidden />, tone: 'control' };
    case 'clear':
      return { name: texts.clear[language], tone: 'control' };
    case 'enter':
      return { name: enterLabel, tone: 'enter' };
    case 'shift': {
      const isLocked = state.shift === 'locked';
      const face = <ArrowBigUp aria-hidden fill={isLocked ? 'currentColor' : 'none'} />;
      return { name: texts.shift[language], face, tone: 'control', isOn: state.shift !== 'off' };
    }
    case 'split':
      return { name: texts.split[language], tone: 'control' };
    case 'script': {
      const [chinese, western] = texts.script[language].split('/');
      const face = (
        <span className={styles['script']}>
          <span data-current={state.script === 'pinyin' ? '' : undefined}>{chinese}</span>/
          <span data-current={state.script === 'latin' ? '' : undefined}>{western}</span>
        </span>
      );
      return { name: texts.script[language], face, tone: 'control' };
    }
    case 'symbols':
      return { name: texts[state.page === 'letters' ? 'symbols' : 'letters'][language], tone: 'control' };
    default:
      return key satisfies never;
  }
};

const none: readonly Candidate[] = [];

export const Keyboard = (props: KeyboardProps): ReactNode => {
  const { layout, language } = props;
  const [state, setState] = useState(() => initialKeyboard(layout));
  // Two fingers can land between two drawings; each builds on the other's state.
  const latest = useRef(state);
  const pinyin = useSyncExternalStore(watchPinyin, pinyinStatus, pinyinStatus);
  const options = useMemo(() => ({ isFuzzy: props.mode === 'elder' }), [props.mode]);

  const lookUp = (letters: string): readonly Candidate[] | undefined => {
    const now = pinyinStatus();
    return now?.state === 'ready' ? now.engine.candidates(letters, mostCandidates, options) : undefined;
  };
  const send = (event: KeyboardEvent): void => {
    const step = nextKeyboard(latest.current, event, lookUp);
    latest.current = step.state;
    setState(step.state);
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'text':
          props.onText(effect.text);
          break;
        case 'backspace':
          props.onBackspace();
          break;
        case 'clear':
          props.onClear?.();
          break;
        case 'enter':
          props.onEnter();
          break;
        case 'loadPinyin':
          preparePinyin();
          break;
        default:
          effect satisfies never;
      }
    }
  };
  const press = (event: KeyboardEvent): void => {
    props.onKey?.();
    send(event);
  };

  useEffect(() => {
    latest.current = initialKeyboard(layout);
    setState(latest.current);
    if (layout === 'pinyin') preparePinyin();
  }, [layout]);

  const hasFailed = pinyin?.state === 'failed';
  useEffect(() => {
    if (pinyinStatus()?.state === 'failed' && latest.current.script === 'pinyin') send({ type: 'pinyinFailed' });
    // Only the failure itself turns the keyboard to letters, not a later drawing of it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [hasFailed]);

  const { composition } = state;
  const engine = pinyin?.state === 'ready' ? pinyin.engine : undefined;
  const candidates = useMemo((): readonly Candidate[] => {
    if (engine === undefined || composition === '') return none;
    const found = engine.candidates(composition, mostCandidates, options);
    // Letters that are no sound can still be taken as they are.
    return found.length > 0 ? found : [{ text: composition.replaceAll("'", ''), consumed: composition.length }];
  }, [engine, composition, options]);

  const draw = ({ key, half, tall }: PlacedKey, place: number): ReactNode => {
    if (key.type === 'clear' && props.onClear === undefined) return <span key={place} />;
    const { name, face, tone, isOn } = describe(key, state, props);
    return (
      <KeyButton
        key={place}
        name={name}
        tone={tone}
        half={half}
        tall={tall}
        isOn={isOn}
        onPress={() => press({ type: 'key', key })}
      >
        {face}
      </KeyButton>
    );
  };

  if (!hasLetters(layout)) {
    const keys = padKeys(layout as Exclude<KeyboardLayout, 'pinyin' | 'latin'>);
    return (
      <div className={styles['keyboard']} role="group" aria-label={texts.keyboard[language]}>
        <div className={styles['pad']}>{keys.map(draw)}</div>
      </div>
    );
  }

  const isPinyin = state.script === 'pinyin';
  const isWaiting = isPinyin && engine === undefined && !hasFailed;
  const message = ((): string => {
    if (hasFailed) return texts.failed[language];
    if (state.page === 'symbols' || state.isExpanded) return '';
    if (isWaiting && composition !== '') return texts.loading[language];
    return texts[isPinyin ? 'pinyinHint' : 'latinHint'][language];
  })();
  return (
    <div className={styles['keyboard']} role="group" aria-label={texts.keyboard[language]}>
      {layout === 'pinyin' ? (
        <CandidateBar
          language={language}
          sounds={engine?.segment(composition, options).join(' ') ?? composition}
          candidates={state.isExpanded ? none : candidates}
          message={message}
          isTrouble={hasFailed}
          canClear={props.onClear !== undefined || composition !== ''}
          onChoose={(candidate) => press({ type: 'choose', candidate })}
          onExpand={() => press({ type: 'expand' })}
          onClear={() => press({ type: 'key', key: { type: 'clear' } })}
        />
      ) : null}
      {state.isExpanded && candidates.length > 0 ? (
        <CandidatePanel
          language={language}
          candidates={candidates}
          page={state.candidatePage}
          onChoose={(candidate) => press({ type: 'choose', candidate })}
          onTurn={(pages) => press({ type: 'turn', pages })}
          onCollapse={() => press({ type: 'collapse' })}
          onBackspace={() => press({ type: 'key', key: { type: 'backspace' } })}
        />
      ) : (
        <div className={styles['rows']} style={{ '--rows': 5 } as CSSProperties}>
          {letterRows(layout as 'pinyin' | 'latin', state.script, state.page).map((row) => (
            <div key={row.key} className={styles['row']} data-indented={row.isIndented === true ? '' : undefined}>
              {row.keys.map(draw)}
            </div>
          ))}
        </div>
      )}
    </div>
  );
};
