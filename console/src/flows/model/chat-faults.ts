import { fold } from '@lianke/shared/filter/fold';
import type { Trigger } from '@lianke/shared/flows/triggers';
import type { FormView } from '../../api/queries.js';
import { fieldOf } from './sources.js';
import type { Speaker } from './words.js';

/** What is wrong with a trigger of the chat. */
export function checkChat(
  { t }: Speaker,
  { on, match, keywords, find }: Extract<Trigger, { type: 'chat' }>,
  form: FormView,
  report: (message: string) => void,
): void {
  if (on === 'text' && keywords.length === 0) report(t('start.noKeywords'));
  const folded = keywords.map(fold);
  if (new Set(folded).size < folded.length) report(t('start.keywordsTwice'));
  if (find && on === 'text' && match === 'exact') report(t('start.findExact'));
  if (find?.field !== undefined && !fieldOf(form, find.field)) report(t('start.findGone'));
}
