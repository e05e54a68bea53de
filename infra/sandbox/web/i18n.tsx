import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { Refusal } from './api.js';
import { WORDS, type WordKey } from './words.js';

export type Language = 'zh' | 'en';
export type Translate = (key: WordKey, values?: Record<string, string | number>) => string;

interface LanguageState {
  language: Language;
  t: Translate;
  toggle: () => void;
}

const LanguageContext = createContext<LanguageState | null>(null);
const STORED = 'lianke-sandbox-language';

function initial(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem(STORED);
  return asked === 'en' ? 'en' : 'zh';
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initial);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = WORDS.title[language === 'zh' ? 0 : 1];
    localStorage.setItem(STORED, language);
  }, [language]);
  const state = useMemo<LanguageState>(
    () => ({
      language,
      t: (key, values = {}) =>
        WORDS[key][language === 'zh' ? 0 : 1].replace(/\{(\w+)\}/g, (_whole, name: string) =>
          String(values[name] ?? ''),
        ),
      toggle: () => setLanguage((now) => (now === 'zh' ? 'en' : 'zh')),
    }),
    [language],
  );
  return <LanguageContext.Provider value={state}>{children}</LanguageContext.Provider>;
}

/** A refusal in the page's language: the sandbox speaks Chinese, English has a phrase for what people can run into. */
export function refusalText(error: unknown, language: Language, t: Translate): string {
  if (!(error instanceof Refusal)) return String(error);
  const word = `error.${error.code}`;
  return language === 'en' && word in WORDS ? t(word as WordKey) : error.message;
}

export function useLanguage(): LanguageState {
  const state = useContext(LanguageContext);
  if (!state) throw new Error('LanguageProvider is missing');
  return state;
}
