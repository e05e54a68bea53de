import { describe, expect, it } from 'vitest';
import { checkRules, fieldStates, hasRules, type RuleField, type RuleForm } from './rules.js';

const env = { timeZone: 'Asia/Shanghai', now: new Date('2026-03-04T02:00:00Z'), me: null, myDepartments: [] };
const field = (id: string, type: RuleField['type'], rules: RuleField['rules'] = {}): RuleField => ({
  id,
  key: `${id}Key`,
  type,
  rules,
});

const form = (hiddenValues?: 'keep' | 'clear'): RuleForm => ({
  fields: [
    field('stage', 'select'),
    field('a', 'text', { visibleWhen: { field: 'stage', op: 'eq', value: 'on' }, required: true }),
    field('b', 'text', { visibleWhen: { field: 'a', op: 'notEmpty' }, required: true }),
    field('share', 'percent', { requiredWhen: { field: 'stage', op: 'eq', value: 'on' } }),
  ],
  settings: {
    ...(hiddenValues ? { hiddenValues } : {}),
    checks: [
      {
        must: {
          or: [
            { field: 'share', op: 'empty' },
            { field: 'share', op: 'lte', value: '1' },
          ],
        },
        message: '不能超过 100%',
      },
    ],
  },
});

describe('rules', () => {
  it('ask nothing of hidden fields; cleared ones hide what depends on them', () => {
    const values = { stage: 'off', a: '旧值' };
    const visible = (which: RuleForm) =>
      [...fieldStates(which, values, env)].filter(([, state]) => state.visible).map(([id]) => id);
    expect(visible(form('keep'))).toEqual(['stage', 'b', 'share']);
    expect(visible(form('clear'))).toEqual(['stage', 'share']);
    expect(checkRules(form('clear'), values, env).errors).toEqual([]);
    expect(checkRules(form('keep'), values, env).errors).toEqual([{ field: 'bKey', code: 'required' }]);
  });

  it('answer every fault once, by key, with the form’s own words', () => {
    const errors = checkRules(form(), { stage: 'on', share: '1.5' }, env).errors;
    expect(errors).toEqual([
      { field: 'aKey', code: 'required' },
      { field: 'shareKey', code: 'rule_failed', params: { message: '不能超过 100%' } },
    ]);
    expect(checkRules(form(), { stage: 'on', share: '1.5' }, env, new Set(['aKey', 'shareKey'])).errors).toEqual([]);
  });

  it('say nothing where a condition’s field is gone or is not shown to the reader', () => {
    const gone: RuleForm = {
      fields: [
        field('x', 'text', {
          visibleWhen: { field: 'gone', op: 'eq', value: '1' },
          requiredWhen: { field: 'gone', op: 'empty' },
        }),
      ],
      settings: {},
    };
    expect(checkRules(gone, {}, env)).toEqual({ errors: [], hidden: new Set() });
    expect(fieldStates(gone, {}, env).get('x')).toMatchObject({ visible: true, required: false });
  });

  it('cost nothing where there are none', () => {
    expect(hasRules({ fields: [field('x', 'text', { required: true, unique: true })], settings: {} })).toBe(false);
    expect(hasRules(form())).toBe(true);
  });
});
