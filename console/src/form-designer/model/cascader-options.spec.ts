import { cascaderConfig } from '@lianke/shared/fields/cascader/schema';
import { describe, expect, it } from 'vitest';
import { addChoice, addLines, removeChoice, renameChoice, settleChoices } from './cascader-options.js';

describe('choices under choices', () => {
  it('are added from lines, each once', () => {
    const list = addLines([], '华东/浙江/杭州\n华东/浙江/宁波\n华东/上海\n华南');
    expect(settleChoices(list)).toEqual([
      {
        id: '华东',
        label: '华东',
        children: [
          {
            id: '浙江',
            label: '浙江',
            children: [
              { id: '杭州', label: '杭州' },
              { id: '宁波', label: '宁波' },
            ],
          },
          { id: '上海', label: '上海' },
        ],
      },
      { id: '华南', label: '华南' },
    ]);
    expect(addLines(list, '华东 > 浙江 > 杭州')).toEqual(list);
    expect(cascaderConfig.safeParse({ options: settleChoices(list) }).success).toBe(true);
  });

  it('keep their ids when renamed, and go with everything under them', () => {
    const published = settleChoices(addLines([], '华东/浙江\n华东/上海'));
    const renamed = settleChoices(renameChoice(published, [0, 0], '浙江省/'));
    expect(renamed[0]?.children?.[0]).toEqual({ id: '浙江', label: '浙江省' });
    const again = settleChoices(renameChoice(addChoice(renamed, [0, 2]), [0, 2], '浙江'));
    expect(again[0]?.children?.[2]).toEqual({ id: '浙江_2', label: '浙江' });
    expect(settleChoices(removeChoice(removeChoice(published, [0, 1]), [0, 0]))).toEqual([
      { id: '华东', label: '华东' },
    ]);
  });
});
