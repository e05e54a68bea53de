import { ApiError } from '@lianke/shared/api/client';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import { languageStep } from '@lianke/shared/org/own-language';
import { api } from '../api/client.js';
import { currentLanguage, type Language, setLanguage } from '../i18n/index.js';
import { dropStored, readStored, writeStored } from '../platform/storage.js';

type Me = AnswerOf<'me.get'>;

/** Set while a choice of this phone has not reached the server. */
const unsentKey = 'langUnsent';

/** Once it is known who is there: his language on this phone, and this phone's choice on the server. */
export async function followLanguage(me: Me): Promise<Me> {
  // A phone that last heard of him before languages were kept knows none.
  const kept = me.member.language ?? null;
  const unsent = readStored<boolean>(unsentKey) === true;
  const step = languageStep({ kept, here: currentLanguage(), unsent });
  if (step === 'take' && kept) setLanguage(kept);
  return step === 'tell' ? tell(me) : me;
}

/** The person chooses: shown at once, and messages are written in it as soon as the server knows. */
export async function chooseLanguage(language: Language, me: Me | null): Promise<Me | null> {
  setLanguage(language);
  writeStored(unsentKey, true);
  return me && tell(me);
}

/** What could not be told is told at the next start. */
async function tell(me: Me): Promise<Me> {
  const language = currentLanguage();
  try {
    await api('me.saveLanguage', { body: { language } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return me;
  }
  dropStored(unsentKey);
  return { ...me, member: { ...me.member, language } };
}
