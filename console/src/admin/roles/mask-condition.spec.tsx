import { expect, it } from 'vitest';
import type { FormView } from '../../api/queries.js';
import { textOf } from '../../testing/render.js';
import { usualMask } from './grants.js';
import { MaskCondition } from './mask-condition.js';

const fields = [
  { id: 'owner', key: 'owner', name: '负责人', type: 'member', config: {}, rules: {}, system: true, writable: true },
] as unknown as FormView['fields'];
const nothing = () => undefined;

it('offers a condition over the record’s own fields, and what holds in the other records', () => {
  const some = textOf(
    <MaskCondition
      {...{ fields, name: '电话', when: usualMask.when, onWhen: nothing, otherwise: 'write', onOtherwise: nothing }}
    />,
  );
  expect(some.zh).toMatch(/全部数据都脱敏 满足条件时才脱敏.*负责人.*不满足条件的数据里 可写 只读/);
  expect(some.en).toMatch(/In every record Only when conditions are met.*In all other records/);
  const all = textOf(<MaskCondition {...{ fields, name: '电话', when: undefined, onWhen: nothing }} />);
  expect(all.zh).not.toContain('不满足条件的数据里');
});
