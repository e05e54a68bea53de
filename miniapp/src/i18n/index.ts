import { agree } from '@lianke/shared/text/agree';
import { useCallback } from 'react';
import { readStored, writeStored } from '../platform/storage.js';
import { createStore, useStore } from '../store/store.js';
import { en } from './en.js';
import { type MessageKey, zh } from './zh.js';

export type Language = 'zh' | 'en';
export type Translate = (key: MessageKey, params?: Record<string, string | number>) => string;

const texts: Record<Language, Record<MessageKey, string>> = { zh, en };
const language = createStore<{ lang: Language }>({ lang: readStored<Language>('lang') === 'en' ? 'en' : 'zh' });

export function currentLanguage(): Language {
  return language.get().lang;
}

export function setLanguage(lang: Language): void {
  writeStored('lang', lang);
  language.set({ lang });
}

function fill(text: string, params?: Record<string, string | number>): string {
  return params ? agree(text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))) : text;
}

/** The text of a key in the current language, for code outside of components. */
export const t: Translate = (key, params) => fill(texts[currentLanguage()][key], params);

/** The translate function of a component; the component re-renders when the language changes. */
export function useT(): Translate {
  const { lang } = useStore(language);
  return useCallback<Translate>((key, params) => fill(texts[lang][key], params), [lang]);
}
