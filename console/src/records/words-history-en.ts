import type { SameKeys } from '../i18n/register.js';
import type { zhHistory } from './words-history-zh.js';

export const enHistory: SameKeys<typeof zhHistory> = {
  rowsSummary: {
    added: '{{n}} ‹row|rows› added',
    removed: '{{n}} ‹row|rows› removed',
    changed: '{{n}} ‹row|rows› changed',
    moved: 'Rows reordered',
  },
  rowAt: 'Row {{n}}',
  rowKind: { added: 'added', removed: 'removed', changed: 'changed' },
  rowsMore: '{{n}} more ‹row|rows›',
  rowsLess: 'Show less',
  draftWaits: 'An unfinished record of {{name}}, {{time}}',
  draftGoOn: 'Continue',
  draftDiscard: 'Discard',
};
