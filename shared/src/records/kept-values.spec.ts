import { expect, it } from 'vitest';
import type { Json } from '../json.js';
import { completedRows, holdsSecrets, keptValues } from './kept-values.js';

const fields = [
  { key: 'name', type: 'text' },
  { key: 'card', type: 'idNumber', encrypted: true },
  {
    key: 'family',
    type: 'subform',
    config: {
      fields: [
        { key: 'who', type: 'text' },
        { key: 'card', type: 'idNumber', encrypted: true },
      ],
    },
  },
];
const values: Record<string, Json> = {
  name: '甲',
  card: '6222',
  family: [{ id: 'r1', values: { who: '父亲', card: '4405' } }, { values: { who: '母亲', card: '4406' } }],
};

it('what is stored encrypted is not written down on a device, in rows neither', () => {
  const kept = keptValues(fields, values);
  expect(kept).toEqual({
    name: '甲',
    family: [{ id: 'r1', values: { who: '父亲' } }, { values: { who: '母亲' } }],
  });
  expect(holdsSecrets(fields, values)).toBe(true);
  expect(holdsSecrets(fields, kept)).toBe(false);
});

it('rows that stand get theirs back; what was typed since wins', () => {
  const kept: Record<string, Json> = { family: [{ id: 'r1', values: { who: '爸爸' } }, { values: { who: '母亲' } }] };
  expect(completedRows(fields, kept, values)).toEqual({
    family: [{ id: 'r1', values: { who: '爸爸', card: '4405' } }, { values: { who: '母亲' } }],
  });
});
