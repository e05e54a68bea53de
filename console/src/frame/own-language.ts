import { ApiError } from '@lianke/shared/api/client';
import type { Me } from '@lianke/shared/org/api';
import { languageStep } from '@lianke/shared/org/own-language';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../api/client.js';
import { keys } from '../api/queries.js';
import { currentLanguage, isUnsent, type Language, noteSent, showLanguage } from '../i18n/index.js';

/** Once it is known who is there: his language on this screen, and this screen's choice on the server. */
export function useOwnLanguage(me: Me | undefined): void {
  const client = useQueryClient();
  // Whoever looks as somebody else reads his own language.
  const kept = me && !me.preview ? me.member.language : undefined;
  useEffect(() => {
    if (kept === undefined) return;
    const step = languageStep({ kept, here: currentLanguage(), unsent: isUnsent() });
    if (step === 'take' && kept) showLanguage(kept);
    else if (step === 'tell') void tellLanguage(client, currentLanguage());
  }, [client, kept]);
}

/** Has messages written in the language from now on; a choice that could not be told is told at the next start. */
export async function tellLanguage(client: QueryClient, language: Language): Promise<void> {
  try {
    await api('me.saveLanguage', { body: { language } });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return;
  }
  noteSent();
  client.setQueryData<Me>(keys.me, (me) => me && { ...me, member: { ...me.member, language } });
}
