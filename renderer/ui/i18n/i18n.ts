// The words of the screens. `useT()` gives the phrases of the dictionaries, `useText()` picks from the `{ zh, en }` texts of the view.
// zh.json and en.json hold the foundation and the way to a case; case-zh.json and case-en.json hold the case itself (form … rating);
// token-zh.json and token-en.json hold what signed codes do (check-in, collecting originals);
// console-zh.json and console-en.json hold the staff's consoles, bundles-*.json what they say of the centre's bundles,
// sync-*.json of the line to the centre.

import { createInstance } from 'i18next';
import { createContext, useCallback, useContext } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Language, Text } from '../../../main/contract/text.ts';
import bundlesEn from './bundles-en.json' with { type: 'json' };
import bundlesZh from './bundles-zh.json' with { type: 'json' };
import caseEn from './case-en.json' with { type: 'json' };
import caseZh from './case-zh.json' with { type: 'json' };
import consoleEn from './console-en.json' with { type: 'json' };
import consoleZh from './console-zh.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import syncEn from './sync-en.json' with { type: 'json' };
import syncZh from './sync-zh.json' with { type: 'json' };
import tokenEn from './token-en.json' with { type: 'json' };
import tokenZh from './token-zh.json' with { type: 'json' };
import zh from './zh.json' with { type: 'json' };

const dictionaries = {
  zh: { ...zh, ...caseZh, ...tokenZh, ...consoleZh, ...bundlesZh, ...syncZh },
  en: { ...en, ...caseEn, ...tokenEn, ...consoleEn, ...bundlesEn, ...syncEn },
};

type Whole<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;
/** A phrase's key. Where English counts (`_one`, `_other`), the key is used without its ending and with `count`. */
export type Key = Whole<keyof (typeof dictionaries)['zh']>;
export type Translate = (key: Key, values?: Record<string, string | number>) => string;

const i18n = createInstance();
void i18n.use(initReactI18next).init({
  lng: 'zh',
  fallbackLng: false,
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  resources: { zh: { translation: dictionaries.zh }, en: { translation: dictionaries.en } },
});

/** The language of all that stands below: the view's on citizens' screens, the account's on consoles. */
export const LanguageContext = createContext<Language>('zh');
export const useLanguage = (): Language => useContext(LanguageContext);

/** The Han face draws ’ a whole em wide, which tears English words apart; the straight one is narrow. */
const narrowApostrophe = (text: string): string => text.replaceAll('\u2019', "'");

/** `t('action.back')`; values fill `{{name}}`. */
export const useT = (): Translate => {
  const { t } = useTranslation(undefined, { i18n, lng: useLanguage() });
  const language = useLanguage();
  return useCallback<Translate>(
    (key, values) => (language === 'en' ? narrowApostrophe(t(key, values ?? {})) : t(key, values ?? {})),
    [t, language],
  );
};

/** Picks a text's language. */
export const useText = (): ((text: Text) => string) => {
  const language = useLanguage();
  return useCallback((text: Text) => (language === 'en' ? narrowApostrophe(text.en) : text.zh), [language]);
};
