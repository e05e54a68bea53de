import { fieldTypes } from '@lianke/shared/fields/registry';
import { type FilterOp, type FilterValue, type RelativeRange, relativeRanges } from '@lianke/shared/filter/ast';
import type { Json } from '@lianke/shared/json';
import { Cascader, DatePicker, InputNumber, Select } from 'antd';
import dayjs from 'dayjs';
import { createContext, useContext } from 'react';
import { useTranslation } from 'react-i18next';
import { useDepartments, useMembers } from '../api/queries.js';
import { choicesOf } from '../fields/cascader.js';
import { optionsOf } from '../fields/options.js';
import { targetOf } from '../fields/relation.js';
import { BoxValue } from './box-value.js';
import { FieldEditor } from './field-editor.js';
import { type FilterField, takesList, takesNoValue } from './filter-model.js';
import { fromWallTime, toWallTime } from './format.js';
import { useRecordLabels } from './record-labels.js';
import { RecordPicker } from './record-picker.js';
import { SearchInput } from './search-input.js';

interface Props {
  field: FilterField;
  op: FilterOp;
  value: FilterValue | undefined;
  onChange: (value: FilterValue | undefined) => void;
}

const dateTypes = ['date', 'datetime', 'lastContact', 'dateRange'];
const needsN: RelativeRange[] = ['lastNDays', 'nextNDays', 'moreThanNDaysAgo'];
const meToken = '@me';
const departmentToken = '@myDepartment';

type Scalar = string | number | boolean | null | { me: true } | { myDepartment: true };

function toToken(value: Scalar): string {
  if (typeof value === 'object' && value !== null) return 'me' in value ? meToken : departmentToken;
  return String(value);
}

function fromToken(token: string): Scalar {
  if (token === meToken) return { me: true };
  if (token === departmentToken) return { myDepartment: true };
  return token;
}

/** Set where the answer is the same for everybody: 我 and 我的部门 mean nothing there. */
export const ImpersonalFilter = createContext(false);

/** Choices of select, member and department conditions, one or several. */
function ChoiceValue({ field, op, value, onChange }: Props) {
  const { t } = useTranslation('filter');
  const impersonal = useContext(ImpersonalFilter);
  const members = useMembers();
  const departments = useDepartments();
  const options =
    fieldTypes[field.type].refers === 'member'
      ? [
          ...(impersonal ? [] : [{ value: meToken, label: t('me') }]),
          ...(members.data ?? []).map((item) => ({ value: item.id as string, label: item.name })),
        ]
      : fieldTypes[field.type].refers === 'department'
        ? [
            ...(impersonal ? [] : [{ value: departmentToken, label: t('myDepartment') }]),
            ...(departments.data ?? []).map((item) => ({ value: item.id as string, label: item.name })),
          ]
        : optionsOf(field).map((item) => ({ value: item.id, label: item.label }));
  const many = takesList(op);
  const chosen = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((item) =>
    toToken(item as Scalar),
  );
  return (
    <Select<string | string[]>
      aria-label={t('value')}
      style={{ width: '100%' }}
      {...(many ? { mode: 'multiple' as const } : {})}
      value={many ? chosen : (chosen[0] as string)}
      onChange={(next) => {
        if (Array.isArray(next)) return onChange(next.map(fromToken) as FilterValue);
        onChange(next === undefined ? undefined : (fromToken(next) as FilterValue));
      }}
      options={options}
      virtual={options.length > 200}
      showSearch={{ optionFilterProp: 'label' }}
      allowClear
    />
  );
}

function RelativeOrFixed({ field, value, onChange }: Props) {
  const { t } = useTranslation('filter');
  const relative = typeof value === 'object' && value !== null && 'rel' in value ? value : undefined;
  return (
    <div style={{ display: 'flex', gap: 6 }}>
      <Select<string>
        aria-label={t('value')}
        style={{ flex: 1, minWidth: 110 }}
        value={relative?.rel ?? 'fixed'}
        onChange={(next) => {
          if (next === 'fixed') return onChange(undefined);
          const rel = next as RelativeRange;
          onChange(needsN.includes(rel) ? { rel, n: 7 } : { rel });
        }}
        options={[
          { value: 'fixed', label: t('fixedDate') },
          ...relativeRanges.map((rel) => ({ value: rel, label: t(`rel.${rel}`) })),
        ]}
      />
      {relative && needsN.includes(relative.rel) && (
        <InputNumber
          aria-label={t('days')}
          min={1}
          max={36_600}
          precision={0}
          style={{ width: 96 }}
          suffix={t('days')}
          value={relative.n ?? 7}
          onChange={(n) => onChange({ rel: relative.rel, n: n ?? 7 })}
        />
      )}
      {!relative && <DateInput field={field} value={value} onChange={onChange} />}
    </div>
  );
}

function DateInput({
  field,
  value,
  onChange,
}: {
  field: FilterField;
  value: FilterValue | undefined;
  onChange: (value: FilterValue | undefined) => void;
}) {
  const { t } = useTranslation('filter');
  const instant = field.type !== 'date' && field.type !== 'dateRange';
  const shown = typeof value === 'string' ? (instant ? toWallTime(value) : dayjs(value)) : null;
  return (
    <DatePicker
      aria-label={t('value')}
      style={{ flex: 1, minWidth: 120 }}
      value={shown}
      showTime={instant ? { format: 'HH:mm', defaultOpenValue: dayjs().startOf('day') } : false}
      onChange={(next) => onChange(next ? (instant ? fromWallTime(next) : next.format('YYYY-MM-DD')) : undefined)}
    />
  );
}

function RelationValue({ field, op, value, onChange }: Props) {
  const { t } = useTranslation('filter');
  const formId = targetOf(field);
  const ids = (Array.isArray(value) ? value : value === undefined ? [] : [value]).filter(
    (item): item is string => typeof item === 'string',
  );
  const labels = useRecordLabels(formId, ids);
  const first = ids[0];
  if (!takesList(op)) {
    return (
      <RecordPicker
        label={t('value')}
        formId={formId}
        value={first === undefined ? null : { id: first, label: labels[first] ?? first }}
        onChange={(next) => onChange(next?.id)}
      />
    );
  }
  return (
    <div style={{ display: 'grid', gap: 4 }}>
      {ids.length > 0 && (
        <Select<string[]>
          mode="multiple"
          open={false}
          aria-label={t('value')}
          value={ids}
          options={ids.map((id) => ({ value: id, label: labels[id] ?? id }))}
          onChange={(next) => onChange(next)}
        />
      )}
      <RecordPicker
        label={t('value')}
        formId={formId}
        value={null}
        onChange={(next) => next && !ids.includes(next.id) && onChange([...ids, next.id])}
      />
    </div>
  );
}

/** The control for the value that a condition's operator needs; nothing for 为空 and 不为空. */
export function FilterValueEditor(props: Props) {
  const { field, op, value, onChange } = props;
  const { t } = useTranslation('filter');
  if (takesNoValue(op)) return null;
  if (op === 'within') return <BoxValue value={value} onChange={onChange} />;
  if (op === 'between') {
    const pair = Array.isArray(value) ? value : [];
    const side = (index: 0 | 1) => ({
      value: pair[index] as FilterValue | undefined,
      onChange: (next: FilterValue | undefined) => {
        const both = [pair[0] ?? null, pair[1] ?? null];
        both[index] = (next ?? null) as string | null;
        onChange(both as FilterValue);
      },
    });
    return (
      <div style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
        {dateTypes.includes(field.type) ? (
          <DateInput field={field} {...side(0)} />
        ) : (
          <FilterValueEditor field={field} op="eq" {...side(0)} />
        )}
        <span className="muted">{t('and2')}</span>
        {dateTypes.includes(field.type) ? (
          <DateInput field={field} {...side(1)} />
        ) : (
          <FilterValueEditor field={field} op="eq" {...side(1)} />
        )}
      </div>
    );
  }
  if (dateTypes.includes(field.type)) {
    return op === 'eq' || op === 'ne' || op === 'contains' ? (
      <RelativeOrFixed {...props} />
    ) : (
      <DateInput field={field} value={value} onChange={onChange} />
    );
  }
  const { refers, storage } = fieldTypes[field.type];
  if (['select', 'multiSelect'].includes(field.type) || refers === 'member' || refers === 'department')
    return <ChoiceValue {...props} />;
  if (refers === 'record') return <RelationValue {...props} />;
  if (field.type === 'switch') {
    return (
      <Select<string>
        aria-label={t('value')}
        style={{ width: '100%' }}
        value={typeof value === 'boolean' ? String(value) : undefined}
        onChange={(next) => onChange(next === 'true')}
        options={[
          { value: 'true', label: t('common:yes') },
          { value: 'false', label: t('common:no') },
        ]}
      />
    );
  }
  if (field.type === 'cascader') {
    const many = takesList(op);
    const paths = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((item) =>
      String(item).split('/'),
    );
    return many ? (
      <Cascader
        multiple
        aria-label={t('value')}
        style={{ width: '100%' }}
        options={choicesOf(field)}
        fieldNames={{ label: 'label', value: 'id', children: 'children' }}
        showCheckedStrategy={Cascader.SHOW_PARENT}
        value={paths}
        onChange={(next) => onChange(next.map((path) => path.join('/')))}
      />
    ) : (
      <FieldEditor
        field={{ ...field, config: { ...field.config, anyLevel: true } }}
        label={t('value')}
        value={(value ?? null) as Json}
        onChange={(next) => onChange(next === null ? undefined : (next as FilterValue))}
      />
    );
  }
  if (takesList(op)) {
    const suggestions = Array.isArray(field.config.suggestions) ? field.config.suggestions : [];
    return (
      <Select<string[]>
        mode="tags"
        aria-label={t('value')}
        style={{ width: '100%' }}
        placeholder={t('values')}
        options={suggestions.map((tag) => ({ value: String(tag), label: String(tag) }))}
        value={(Array.isArray(value) ? value : []).map(String)}
        onChange={(next) => onChange(next)}
      />
    );
  }
  if (storage === 'numeric' || field.type === 'time') {
    return (
      <FieldEditor
        field={field}
        label={t('value')}
        value={value as Json | undefined}
        onChange={(next) => onChange(next === null ? undefined : (next as FilterValue))}
      />
    );
  }
  return (
    <SearchInput
      aria-label={t('value')}
      value={typeof value === 'string' ? value : ''}
      onSearch={(text) => onChange(text === '' ? undefined : text)}
    />
  );
}
