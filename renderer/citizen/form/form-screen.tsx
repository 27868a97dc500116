// One page of the form, drawn from data. The text is shown as it is typed; the host hears of it after a pause, when the field is
// left and before "next", and answers with errors in the reader's language.
//
//   touch a field ─► keyboard ─► draft (shown) ─► setField ─► view: value, error
//   下一步 ─► flush drafts ─► next page of rows, then `next` ─► next page of the form, or errors beside the fields

import { useEffect, useState, useSyncExternalStore } from 'react';
import { useHost } from '../../connection.ts';
import { Page } from '../../ui/components/page.tsx';
import { useT, useText } from '../../ui/i18n/i18n.ts';
import { Keyboard } from '../../ui/keyboard/keyboard.tsx';
import { useKeyboardField } from '../../ui/keyboard/use-keyboard-field.ts';
import { play } from '../../ui/sound.ts';
import type { ScreenProps } from '../screen-props.ts';
import { createDrafts } from './drafts.ts';
import { FittedRows } from './fitted-rows.tsx';
import { FormRow, isFixed, type FormEntry } from './form-row.tsx';
import styles from './form-screen.module.css';
import { cleanTyped, keyboardLayouts, typedOf, valueOf, type FieldValue } from './value-format.ts';

/** Questions at once: the form's pages have at most five; in elder mode four are enough. */
const mostRows = { standard: 5, elder: 4 } as const;

/** A page of its own per page of the form: drafts, keyboard and small pages start anew. */
export const FormScreen = (props: ScreenProps<'form'>) => <FormPage key={props.screen.page} {...props} />;

const isTyped = (entry: FormEntry): boolean => keyboardLayouts[entry.field.kind] !== undefined && !isFixed(entry);

const FormPage = ({ screen, view }: ScreenProps<'form'>) => {
  const host = useHost();
  const t = useT();
  const text = useText();
  const [drafts] = useState(() => createDrafts((fieldId, value) => host.send({ type: 'setField', fieldId, value })));
  useSyncExternalStore(drafts.subscribe, drafts.version);
  const [typingIn, setTypingIn] = useState<string>();
  const [starts, setStarts] = useState<readonly number[]>([0]);
  /** A row of the small page that is shown; survives when rows change their height and pages break elsewhere. */
  const [shownRow, setShownRow] = useState(0);
  const [isMoving, setIsMoving] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const part = Math.max(
    0,
    starts.findLastIndex((start) => start <= shownRow),
  );

  useEffect(() => () => drafts.close(), [drafts]);
  useEffect(() => {
    drafts.settle(new Map(screen.fields.map((entry) => [entry.field.id, entry.value])), typingIn);
  }, [drafts, screen.fields, typingIn]);

  // "Next" was refused: the first question with an error comes into sight.
  const firstWrong = screen.fields.findIndex((entry) => entry.error !== undefined);
  useEffect(() => {
    if (screen.showErrors && firstWrong >= 0) setShownRow(firstWrong);
    // Only a refusal leads there, not every error that comes or goes while one is correcting.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [screen.showErrors, attempts]);

  const typedIn = (entry: FormEntry): string => drafts.get(entry.field.id)?.typed ?? typedOf(entry.value);
  const valueIn = (entry: FormEntry): FieldValue => {
    const draft = drafts.get(entry.field.id);
    return draft === undefined ? entry.value : draft.value;
  };
  const type = (entry: FormEntry, typed: string): void =>
    drafts.type(entry.field.id, typed, valueOf(entry.field.kind, typed));

  const active = screen.fields.findIndex((entry) => entry.field.id === typingIn);
  const typing = screen.fields[active];
  const keyboard = useKeyboardField(typing === undefined ? '' : typedIn(typing), (typed) => {
    if (typing !== undefined) type(typing, cleanTyped(typing.field.kind, typed));
  });
  const layouts = typing === undefined ? undefined : keyboardLayouts[typing.field.kind];

  const stopTyping = (): void => {
    if (typingIn !== undefined) void drafts.leave(typingIn);
    setTypingIn(undefined);
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  };
  const following = screen.fields[active + 1];
  const goesOn = following !== undefined && isTyped(following);
  const enter = (): void => {
    if (!goesOn) return stopTyping();
    if (typingIn !== undefined) void drafts.leave(typingIn);
    setTypingIn(following.field.id);
    keyboard.setCaret(typedIn(following).length);
  };

  const goOn = async (): Promise<void> => {
    stopTyping();
    setIsMoving(true);
    await drafts.flush();
    const nextStart = starts[part + 1];
    if (nextStart === undefined) {
      await host.send({ type: 'next' });
      setAttempts((n) => n + 1);
    } else setShownRow(nextStart);
    setIsMoving(false);
  };
  const goBack = async (): Promise<void> => {
    stopTyping();
    await drafts.flush();
    const start = starts[part - 1];
    if (start === undefined) await host.send({ type: 'back' });
    else setShownRow(start);
  };

  const isLandscape = view.panel.orientation === 'landscape';
  // A low glass holds one question and the keyboard; they cover the rest until its enter key brings it back.
  const isAlone = isLandscape && typing !== undefined;
  const isOnlyPart = screen.pages === 1 && starts.length === 1;
  const pagesLeft = starts.length > 1 ? t('form.part', { part: part + 1, parts: starts.length }) : '';
  const position = `${t('form.page', { page: screen.page + 1, pages: screen.pages })} ${pagesLeft}`.trim();

  return (
    <Page
      view={view}
      title={text(screen.title)}
      lead={isOnlyPart ? undefined : position}
      back={{ label: t('action.back'), onPress: () => void goBack() }}
      primary={{ label: t('action.next'), onPress: () => void goOn(), isBusy: isMoving }}
    >
      <div className={styles['form']} data-alone={isAlone || undefined}>
        <FittedRows
          rows={screen.fields.map((entry) => ({
            key: entry.field.id,
            node: (
              <FormRow
                entry={entry}
                mode={view.mode}
                typed={typedIn(entry)}
                value={valueIn(entry)}
                isBrief={isAlone}
                isErrorShown={screen.showErrors || typingIn !== entry.field.id}
                isTyping={typingIn === entry.field.id}
                caret={keyboard.caret}
                onTyped={(typed) => type(entry, typed)}
                onCaret={keyboard.setCaret}
                onChoose={(value) => {
                  stopTyping();
                  drafts.choose(entry.field.id, value);
                }}
                onEnter={enter}
                onFocus={() => {
                  if (typingIn === entry.field.id) return;
                  setTypingIn(entry.field.id);
                  keyboard.setCaret(typedIn(entry).length);
                }}
                onBlur={() => void drafts.leave(entry.field.id)}
              />
            ),
          }))}
          columns={isLandscape ? 2 : 1}
          most={mostRows[view.mode]}
          page={part}
          active={active < 0 ? undefined : active}
          measureKey={`${view.mode} ${view.language} ${view.panel.orientation}`}
          onPages={setStarts}
        />
        {typing !== undefined && layouts !== undefined && (
          <div className={styles['keyboard']}>
            <Keyboard
              key={typing.field.id}
              layout={layouts[view.language]}
              mode={view.mode}
              language={view.language}
              {...keyboard.keys}
              onEnter={enter}
              enterLabel={goesOn ? t('form.nextField') : t('form.done')}
              onKey={() => play('touch')}
            />
          </div>
        )}
      </div>
    </Page>
  );
};
