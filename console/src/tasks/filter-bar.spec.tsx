import { expect, it } from 'vitest';
import { keys } from '../api/queries.js';
import { textOf } from '../testing/render.js';
import { FilterBar, type ListFilters, type TaskTab, useListFilters } from './filter-bar.js';

function Read({ tab, onRead }: { tab: TaskTab; onRead: (filters: ListFilters) => void }) {
  onRead(useListFilters(tab, '合同'));
  return null;
}

const address = '/tasks?flow=f1&form=o1&result=approved&from=2025-03-01&to=2025-03-07';
const read = (tab: TaskTab) => {
  let filters: ListFilters = {};
  textOf(
    <Read
      tab={tab}
      onRead={(next) => {
        filters = next;
      }}
    />,
    [],
    address,
  );
  return filters;
};

it('the address holds the filters of every tab; a state of one tab means nothing in another', () => {
  const common = { search: '合同', flowId: 'f1', formId: 'o1', from: '2025-03-01', to: '2025-03-07' };
  expect(read('done')).toEqual({ ...common, state: 'approved' });
  expect(read('started')).toEqual({ ...common, state: 'approved' });
  expect(read('pending')).toEqual(common);
  expect(read('copies')).toEqual(common);
});

it('shows the chosen flow and form by name, and offers to clear them', () => {
  const { zh, en } = textOf(
    <FilterBar tab="done" />,
    [
      [keys.tasks('flows'), [{ id: 'f1', name: '合同审批' }]],
      [keys.forms(), [{ id: 'o1', name: '合同' }]],
    ],
    address,
  );
  for (const word of ['合同审批', '合同', '已同意', '清除筛选']) expect(zh).toContain(word);
  expect(en).toContain('Clear filters');
});
