import { agree } from '@lianke/shared/text/agree';
import i18next, { type PostProcessorModule } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'lianke.language';
/** Set while a choice made here has not reached the server. */
const unsentKey = 'lianke.language.unsent';

function storedLanguage(): Language {
  try {
    return localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

/** The one i18next instance. Chinese unless the person chose English in the member menu or on the log-in page. */
export const i18n = i18next.createInstance();

/** `{{n}} ‹record|records›`: English words agree with their number. */
const agreement: PostProcessorModule = { type: 'postProcessor', name: 'agree', process: agree };

i18n
  .use(initReactI18next)
  .use(agreement)
  .init({
    lng: storedLanguage(),
    fallbackLng: 'zh',
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: {},
    returnNull: false,
    postProcess: agreement.name,
  });

/** Says to the browser, and so to screen readers and translators, what the page is written in. */
function tellPage(language: string): void {
  if (typeof document !== 'undefined') document.documentElement.lang = language === 'en' ? 'en' : 'zh-CN';
}
tellPage(i18n.language);
i18n.on('languageChanged', tellPage);

/** The language on screen. */
export function currentLanguage(): Language {
  return i18n.language === 'en' ? 'en' : 'zh';
}

/** The person chooses: switches the language, to be told to the server. */
export function chooseLanguage(language: Language): void {
  store(unsentKey, '1');
  showLanguage(language);
}

/** Whether the choice made in this browser still has to be told to the server. */
export function isUnsent(): boolean {
  try {
    return localStorage.getItem(unsentKey) !== null;
  } catch {
    return false;
  }
}

/** The server knows the choice. */
export function noteSent(): void {
  try {
    localStorage.removeItem(unsentKey);
  } catch {
    // Then it had not been noted either.
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that refuses storage still switches for this visit.
  }
}

/** Switches the language and keeps it in this browser. */
export function showLanguage(language: Language): void {
  store(storageKey, language);
  void i18n.changeLanguage(language);
}
