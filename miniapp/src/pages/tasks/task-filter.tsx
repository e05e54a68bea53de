import type { TaskFilters } from '@lianke/shared/tasks/api';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { Button } from '../../components/button.js';
import { Chips } from '../../components/chips.js';
import { DayRange } from '../../components/day-range.js';
import { FilterButton } from '../../components/filter-sheet.js';
import { Sheet } from '../../components/sheet.js';
import { useCatalog } from '../../data/forms.js';
import { useResource } from '../../data/resource.js';
import { type Choice, OptionSheet } from '../../fields/option-sheet.js';
import { PickLine } from '../../fields/pick-line.js';
import { type Translate, useT } from '../../i18n/index.js';

/** How each list calls the states it can be narrowed to. */
const states = {
  pending: ['overdue', 'today', 'later', 'none'],
  done: ['approved', 'rejected', 'returned', 'transferred', 'done'],
  started: ['open', 'returned', 'approved', 'rejected', 'withdrawn', 'failed', 'ended'],
  copies: [],
} as const;
export type TaskTab = keyof typeof states;
type State<Tab extends TaskTab> = (typeof states)[Tab][number];

/** What the lists of 待办 are narrowed to. */
export type TaskFilter = Omit<TaskFilters, 'search'> & { state?: string };

/** The state as a word of this list, if it is one. */
export function stateIn<Tab extends TaskTab>(tab: Tab, state: string | undefined): State<Tab> | undefined {
  return (states[tab] as readonly State<Tab>[]).find((item) => item === state);
}

function stateText(t: Translate, tab: TaskTab, state: string): string {
  const late = tab === 'pending' ? stateIn(tab, state) : undefined;
  if (late) return t(`task.${late}`);
  const ended = tab === 'done' ? stateIn(tab, state) : undefined;
  if (ended) return t(`outcome.${ended}`);
  const run = stateIn('started', state);
  return run ? t(`started.state.${run}`) : state;
}

/** 筛选 of 待办: what was chosen goes along to the other lists, as far as they know it. */
export function useTaskFilter(tab: TaskTab) {
  const [chosen, setChosen] = useState<TaskFilter>({});
  const [open, setOpen] = useState(false);
  const { state, ...others } = chosen;
  const known = stateIn(tab, state);
  const filter: TaskFilter = known ? { ...others, state: known } : others;
  const { from, to, ...single } = filter;
  const count = Object.values(single).filter(Boolean).length + (from || to ? 1 : 0);
  return {
    filter,
    clear: count > 0 ? () => setChosen({}) : undefined,
    button: <FilterButton count={count} onTap={() => setOpen(true)} />,
    sheet: open ? (
      <TaskFilterSheet
        tab={tab}
        filter={filter}
        onClose={() => setOpen(false)}
        onDone={(next) => {
          setChosen(next);
          setOpen(false);
        }}
      />
    ) : null,
  };
}

interface SheetProps {
  tab: TaskTab;
  filter: TaskFilter;
  onDone(filter: TaskFilter): void;
  onClose(): void;
}

function TaskFilterSheet({ tab, filter, onDone, onClose }: SheetProps) {
  const t = useT();
  const [asked, setAsked] = useState(filter);
  const catalog = useCatalog();
  const flows = useResource('tasks.flows', () => api('tasks.flows', {}));
  const put = (change: TaskFilter) => setAsked((old) => ({ ...old, ...change }));
  const backwards = !!asked.from && !!asked.to && asked.from > asked.to;
  const items = states[tab].map((key) => ({ key: key as string, label: stateText(t, tab, key) }));
  return (
    <Sheet
      title={t('filter.title')}
      onClose={onClose}
      foot={
        <View className="row-foot">
          <Button onClick={() => setAsked({})}>{t('filter.reset')}</Button>
          <Button kind="primary" off={backwards} onClick={() => onDone(asked)}>
            {t('filter.show')}
          </Button>
        </View>
      }
    >
      {items.length > 0 ? (
        <View className="field">
          <View className="field__label">{t('tasks.state')}</View>
          <Chips
            items={items}
            on={asked.state ? [asked.state] : []}
            onTap={(key) => put({ state: key === asked.state ? undefined : key })}
          />
        </View>
      ) : null}
      <Pick
        label={t('tasks.flow')}
        any={t('tasks.anyFlow')}
        choices={(flows.data?.items ?? []).map(({ id, name }) => ({ id, label: name }))}
        chosen={asked.flowId}
        onPick={(id) => put({ flowId: flows.data?.items.find((flow) => flow.id === id)?.id })}
      />
      <Pick
        label={t('tasks.form')}
        any={t('tasks.anyForm')}
        choices={(catalog.data?.forms ?? []).map(({ id, name }) => ({ id, label: name }))}
        chosen={asked.formId}
        onPick={(id) => put({ formId: catalog.data?.forms.find((form) => form.id === id)?.id })}
      />
      <View className="field">
        <View className="field__label">{t('tasks.days')}</View>
        <DayRange days={asked} onChange={put} />
        {backwards ? <View className="field-error">{t('dashboard.daysBackwards')}</View> : null}
      </View>
    </Sheet>
  );
}

interface PickProps {
  label: string;
  /** Said while none is chosen. */
  any: string;
  choices: readonly Choice[];
  chosen: string | undefined;
  onPick(id: string | undefined): void;
}

/** One of several, or none. */
function Pick({ label, any, choices, chosen, onPick }: PickProps) {
  const [open, setOpen] = useState(false);
  return (
    <View className="field">
      <View className="field__label">{label}</View>
      <PickLine
        text={choices.find((choice) => choice.id === chosen)?.label ?? ''}
        placeholder={any}
        onTap={() => setOpen(true)}
        onClear={() => onPick(undefined)}
      />
      {open ? (
        <OptionSheet
          title={label}
          choices={choices}
          chosen={chosen ? [chosen] : []}
          onDone={([id]) => {
            setOpen(false);
            onPick(id);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </View>
  );
}
