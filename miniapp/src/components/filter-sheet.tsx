import type { Condition } from '@lianke/shared/filter/ast';
import { Input, View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../api/client.js';
import {
  type Conditions,
  chosenOf,
  type FilterField,
  filterFields,
  inPeriod,
  numberRange,
  oneOf,
  periodKey,
  periodOf,
  periods,
  rangeOf,
  withWords,
} from '../data/list-filter.js';
import { useMembers } from '../data/members.js';
import type { FormView, ReadField } from '../data/record-types.js';
import { useResource } from '../data/resource.js';
import { type Choice, OptionSheet } from '../fields/option-sheet.js';
import { PickLine } from '../fields/pick-line.js';
import { optionsOf } from '../fields/plain-values.js';
import { shownUnit } from '../fields/shown-unit.js';
import { useT } from '../i18n/index.js';
import type { MessageKey } from '../i18n/zh.js';
import { Button } from './button.js';
import { Chips } from './chips.js';
import { SearchBox } from './search-box.js';
import { Sheet } from './sheet.js';
import './filter-sheet.scss';

interface Props {
  form: FormView;
  chosen: Conditions;
  onDone(chosen: Conditions): void;
  onClose(): void;
}

/** So many fields need a search for the one that is meant. */
const searchFrom = 12;

/** 筛选: what is asked of each field of the form; nothing is read before 查看结果. */
export function FilterSheet({ form, chosen, onDone, onClose }: Props) {
  const t = useT();
  const [asked, setAsked] = useState(chosen);
  const [search, setSearch] = useState('');
  const fields = filterFields(form);
  const shown = fields.filter(({ field }) => field.name.includes(search));
  const put = (key: string, condition: Condition | undefined) =>
    setAsked(({ [key]: _gone, ...rest }) => (condition ? { ...rest, [key]: condition } : rest));
  return (
    <Sheet
      title={t('filter.title')}
      onClose={onClose}
      top={
        fields.length > searchFrom ? (
          <View className="sheet-search">
            <SearchBox value={search} placeholder={t('filter.search')} onSearch={setSearch} />
          </View>
        ) : undefined
      }
      foot={
        <View className="row-foot">
          <Button onClick={() => setAsked({})}>{t('filter.reset')}</Button>
          <Button kind="primary" onClick={() => onDone(asked)}>
            {t('filter.show')}
          </Button>
        </View>
      }
    >
      {shown.map((item) => (
        <View key={item.field.id} className="field">
          <View className="field__label">{item.field.name}</View>
          <Asked
            item={item}
            condition={asked[item.field.key]}
            onChange={(condition) => put(item.field.key, condition)}
          />
        </View>
      ))}
    </Sheet>
  );
}

interface AskedProps {
  item: FilterField;
  condition: Condition | undefined;
  onChange(condition: Condition | undefined): void;
}

function Asked({ item: { field, kind }, condition, onChange }: AskedProps) {
  const t = useT();
  switch (kind) {
    case 'options': {
      const { ids } = chosenOf(condition);
      const toggle = (id: string) =>
        onChange(oneOf(field, ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]));
      const items = optionsOf(field).map((option) => ({ key: option.id, label: option.label }));
      return <Chips items={items} on={ids} onTap={toggle} />;
    }
    case 'people':
    case 'departments':
      return <Choices item={{ field, kind }} condition={condition} onChange={onChange} />;
    case 'period': {
      const on = periodOf(condition);
      const items = periods.map((item) => ({
        key: periodKey(item),
        label: t(`filter.period.${item.rel}` as MessageKey, { n: item.n ?? 0 }),
      }));
      return <Chips items={items} on={[on]} onTap={(key) => onChange(key === on ? undefined : inPeriod(field, key))} />;
    }
    case 'switch': {
      const on = condition === undefined ? '' : String(condition.value);
      const items = ['true', 'false'].map((key) => ({ key, label: t(key === 'true' ? 'filter.yes' : 'filter.no') }));
      return (
        <Chips
          items={items}
          on={[on]}
          onTap={(key) => onChange(key === on ? undefined : { field: field.key, op: 'eq', value: key === 'true' })}
        />
      );
    }
    case 'number':
      return <Range field={field} condition={condition} onChange={onChange} />;
    case 'words':
      return <Words condition={condition} onChange={(text) => onChange(withWords(field, text))} />;
  }
}

/** The blank between two words is typed after the first of them: what is asked for has none yet, the box does. */
function Words({ condition, onChange }: { condition: Condition | undefined; onChange(text: string): void }) {
  const t = useT();
  const asked = typeof condition?.value === 'string' ? condition.value : '';
  const [typed, setTyped] = useState(asked);
  return (
    <Input
      className="line"
      value={typed.trim() === asked ? typed : asked}
      placeholder={t('filter.contains')}
      placeholderClass="placeholder"
      onInput={(event) => {
        setTyped(event.detail.value);
        onChange(event.detail.value);
      }}
    />
  );
}

function Range({
  field,
  condition,
  onChange,
}: {
  field: ReadField;
  condition: Condition | undefined;
  onChange(condition: Condition | undefined): void;
}) {
  const t = useT();
  const { unit, places } = shownUnit(field);
  // What is half typed asks for nothing yet, but stays in its box; 重置 empties both.
  const [typed, setTyped] = useState(rangeOf(condition, places));
  const shown = condition === undefined && isNumber(typed) ? { from: '', to: '' } : typed;
  const put = (next: { from: string; to: string }) => {
    setTyped(next);
    onChange(numberRange(field, next.from, next.to, places));
  };
  const box = (side: 'from' | 'to') => (
    <Input
      className="line filter-range__box"
      type="digit"
      value={shown[side]}
      placeholder={t(side === 'from' ? 'filter.least' : 'filter.most')}
      placeholderClass="placeholder"
      onInput={(event) => put({ ...shown, [side]: event.detail.value })}
    />
  );
  return (
    <View className="filter-range">
      {box('from')}
      <View className="muted">—</View>
      {box('to')}
      {unit ? <View className="muted">{unit}</View> : null}
    </View>
  );
}

const isNumber = ({ from, to }: { from: string; to: string }) => /^-?\d/.test(from) || /^-?\d/.test(to);

/** Colleagues, with oneself first, or departments. */
function Choices({ item: { field, kind }, condition, onChange }: AskedProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = chosenOf(condition);
  const wanted = open || chosen.ids.length > 0;
  const members = useMembers(wanted && kind === 'people');
  const departments = useResource(wanted && kind === 'departments' ? 'departments' : null, () =>
    api('departments.list', {}),
  );
  const choices: Choice[] = (kind === 'people' ? members.data : departments.data)?.items.map(labelled) ?? [];
  const names = [
    ...(chosen.me ? [t('filter.me')] : []),
    ...chosen.ids.map((id) => choices.find((choice) => choice.id === id)?.label ?? ''),
  ];
  return (
    <View>
      {kind === 'people' ? (
        <Chips
          items={[{ key: 'me', label: t('filter.me') }]}
          on={chosen.me ? ['me'] : []}
          onTap={() => onChange(oneOf(field, chosen.ids, !chosen.me))}
        />
      ) : null}
      <PickLine
        text={names.filter(Boolean).join(t('common.comma'))}
        placeholder={t(kind === 'people' ? 'field.pickMember' : 'filter.pickDepartment')}
        onTap={() => setOpen(true)}
        onClear={() => onChange(undefined)}
      />
      {open ? (
        <OptionSheet
          title={field.name}
          choices={choices}
          chosen={chosen.ids}
          many
          onDone={(ids) => {
            setOpen(false);
            onChange(oneOf(field, ids, chosen.me));
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </View>
  );
}

function labelled({ id, name }: { id: string; name: string }): Choice {
  return { id, label: name };
}

/** The button that opens it, with how many fields are asked for. */
export function FilterButton({ count, onTap }: { count: number; onTap(): void }) {
  const t = useT();
  return (
    <View className={`filter-button ${count > 0 ? 'filter-button--on' : ''}`} hoverClass="is-pressed" onClick={onTap}>
      {count > 0 ? t('filter.count', { n: count }) : t('filter.title')}
    </View>
  );
}

/** 筛选 of a list: what is asked, the button that opens the sheet, and the sheet while it is open. */
export function useFilterSheet(form: FormView) {
  const [chosen, setChosen] = useState<Conditions>({});
  const [open, setOpen] = useState(false);
  const count = Object.keys(chosen).length;
  const done = (next: Conditions) => {
    setChosen(next);
    setOpen(false);
  };
  return {
    chosen,
    /** Takes every condition back; undefined where none is set. */
    clear: count > 0 ? () => setChosen({}) : undefined,
    button: <FilterButton count={count} onTap={() => setOpen(true)} />,
    sheet: open ? <FilterSheet form={form} chosen={chosen} onDone={done} onClose={() => setOpen(false)} /> : null,
  };
}
