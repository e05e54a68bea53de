import { t } from '../i18n/index.js';

/** So long a chat client may take to answer a page, ms; older ones never answer what they do not know. */
const patience = 8000;

/** The client's answer, or a refusal where it gives none. */
export function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(t('client.silent'))), patience);
  });
  return Promise.race([asked, silence]).finally(() => clearTimeout(timer));
}
