import type { SameKeys } from '../i18n/register.js';
import type { zhHistory } from './words-history-zh.js';

export const enHistory: SameKeys<typeof zhHistory> = {
  rowsSummary: {
    added: '{{n}} rows added',
    removed: '{{n}} rows removed',
    changed: '{{n}} rows changed',
    moved: 'Rows reordered',
  },
  rowAt: 'Row {{n}}',
  rowKind: { added: 'added', removed: 'removed', changed: 'changed' },
  rowsMore: '{{n}} more rows',
  rowsLess: 'Show less',
  draftWaits: 'An unfinished record of {{name}}, {{time}}',
  draftGoOn: 'Continue',
  draftDiscard: 'Discard',
};
