// A port path typed by hand, for one that is not plugged in yet or that the list does not know.

import { useState } from 'react';
import { Button } from '../ui/components/button.tsx';
import { useConsole } from '../ui/console/console-context.ts';
import { ConsoleDialog } from '../ui/console/console-dialog.tsx';
import { TextBox } from '../ui/console/text-box.tsx';
import { useLanguage, useT } from '../ui/i18n/i18n.ts';
import { Keyboard } from '../ui/keyboard/keyboard.tsx';
import { useKeyboardField } from '../ui/keyboard/use-keyboard-field.ts';
import { play } from '../ui/sound.ts';

const longestPath = 300;

export type PathDialogProps = { start: string; onChosen: (path: string) => void; onClose: () => void };

export const PathDialog = ({ start, onChosen, onClose }: PathDialogProps) => {
  const t = useT();
  const language = useLanguage();
  const { frame } = useConsole();
  const [path, setPath] = useState(start === '' ? '/dev/' : start);
  const field = useKeyboardField(path, setPath, { mostCharacters: longestPath });
  const wanted = path.trim();
  // Absolute, and more than a folder: `/dev/` alone is no port.
  const isPath = /^\/.*[^/]$/.test(wanted);
  const take = (): void => {
    if (isPath) onChosen(wanted);
  };
  return (
    <ConsoleDialog
      frame={frame}
      title={t('console.port.typeTitle')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('console.cancel')}</Button>
          <Button kind="primary" isDisabled={!isPath} onPress={take}>
            {t('console.port.take')}
          </Button>
        </>
      }
      foot={
        <Keyboard
          layout="latin"
          mode="standard"
          language={language}
          {...field.keys}
          onEnter={take}
          enterLabel={t('console.port.take')}
          onKey={() => play('touch')}
        />
      }
    >
      <TextBox
        label={t('console.port.typeHint')}
        value={path}
        onChange={setPath}
        caret={field.caret}
        onCaret={field.setCaret}
        onEnter={take}
        isTyping
        mostCharacters={longestPath}
      />
    </ConsoleDialog>
  );
};
