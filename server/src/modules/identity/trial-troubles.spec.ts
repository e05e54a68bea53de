import { expect, it } from 'vitest';
import { explainTrouble, TrialFailed, type TrialTrouble } from './trial-troubles.js';

const kinds = ['visitor', 'secret', 'code', 'noCode', 'expired', 'used', 'otherBrowser', 'relay'] as const;
const menus = /应用管理|凭证与基础信息/g;

it.each(kinds)('a trial that ends by %s is explained in both languages, with a way to mend it', (kind) => {
  for (const channel of ['wecom', 'dingtalk'] as const) {
    const { reason, mend } = explainTrouble(new TrialFailed({ kind }, { id: 'c' as never, channel }));
    for (const said of [reason, mend]) {
      expect(said?.zh).toMatch(/\p{Script=Han}.*。$/u);
      expect(said?.en.replace(menus, '')).toMatch(/^[^\p{Script=Han}]+\.$/u);
    }
  }
});

it('what the platform refuses is said in its adapter’s words, which name the menu', () => {
  const trouble: TrialTrouble = { kind: 'settings', words: { zh: '企业 ID 不对', en: 'The corp id is wrong' } };
  expect(explainTrouble(new TrialFailed(trouble, { id: 'c' as never, channel: 'wecom' }))).toEqual({
    reason: trouble.words,
    mend: null,
  });
});
