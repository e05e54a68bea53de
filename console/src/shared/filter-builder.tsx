import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { Filter } from '@lianke/shared/filter/ast';
import { Button, Segmented, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './filter-i18n.js';
import { useFilterFields } from './filter-fields.js';
import {
  emptyGroup,
  type FilterField,
  fieldOf,
  fromGroup,
  newCondition,
  type Rule,
  type RuleCondition,
  type RuleGroup,
  refOf,
  toGroup,
  withOp,
} from './filter-model.js';
import { opLabel } from './filter-text.js';
import { FilterValueEditor } from './filter-value.js';

interface Props {
  /** Fields of the form; fields one relation away are offered too. */
  fields: readonly FilterField[];
  value: Filter | undefined;
  /** The filter that the complete rows mean; undefined when there is none. */
  onChange: (filter: Filter | undefined) => void;
  /** For panels below 480 px: the value stands under field and operator. */
  narrow?: boolean;
  /** Offers the form's own fields only, for conditions that are decided from one record. */
  ownOnly?: boolean;
  /** Said while there is no condition; absent: that every record is shown. */
  emptyText?: string;
}

/** Edits a filter over a form's fields: rows of field, operator and value, and groups of them. */
export function FilterBuilder({ fields, value, onChange, narrow = false, ownOnly = false, emptyText }: Props) {
  const [group, setGroup] = useState<RuleGroup>(() => toGroup(value));
  const sent = useRef(JSON.stringify(value));
  useEffect(() => {
    // A value from outside replaces the rows; the echo of our own change must not, it would drop unfinished rows.
    const incoming = JSON.stringify(value);
    if (incoming !== sent.current) setGroup(toGroup(value));
    sent.current = incoming;
  }, [value]);
  const all = useFilterFields(fields);
  const choices = ownOnly ? all.filter((field) => !refOf(field).includes('.')) : all;
  const change = (next: RuleGroup) => {
    setGroup(next);
    const filter = fromGroup(next);
    sent.current = JSON.stringify(filter);
    if (sent.current !== JSON.stringify(value)) onChange(filter);
  };
  return (
    <GroupEditor group={group} fields={choices} onChange={change} depth={0} narrow={narrow} emptyText={emptyText} />
  );
}

interface GroupProps {
  group: RuleGroup;
  fields: readonly FilterField[];
  onChange: (group: RuleGroup) => void;
  depth: number;
  narrow: boolean;
  emptyText?: string | undefined;
}

function GroupEditor({ group, fields, onChange, depth, narrow, emptyText }: GroupProps) {
  const { t } = useTranslation('filter');
  const replace = (rule: Rule) =>
    onChange({ ...group, rules: group.rules.map((item) => (item.id === rule.id ? rule : item)) });
  const remove = (rule: Rule) => onChange({ ...group, rules: group.rules.filter((item) => item.id !== rule.id) });
  const add = (rule: Rule) => onChange({ ...group, rules: [...group.rules, rule] });
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      {(group.rules.length > 1 || group.negated) && (
        <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          {group.negated && <span className="tint tint-red">{t('not')}</span>}
          <Segmented<'and' | 'or'>
            size="small"
            aria-label={t('join')}
            value={group.join}
            onChange={(join) => onChange({ ...group, join })}
            options={[
              { value: 'and', label: t('joinAnd') },
              { value: 'or', label: t('joinOr') },
            ]}
          />
        </div>
      )}
      {group.rules.length === 0 && depth === 0 && <div className="muted">{emptyText ?? t('noConditions')}</div>}
      {group.rules.map((rule) =>
        rule.kind === 'condition' ? (
          <ConditionRow
            key={rule.id}
            rule={rule}
            fields={fields}
            onChange={replace}
            onRemove={() => remove(rule)}
            narrow={narrow}
          />
        ) : (
          <div
            key={rule.id}
            style={{ display: 'flex', gap: 8, paddingLeft: 12, borderLeft: '2px solid var(--ant-color-border)' }}
          >
            <div style={{ flex: 1, minWidth: 0 }}>
              <GroupEditor group={rule} fields={fields} onChange={replace} depth={depth + 1} narrow={narrow} />
            </div>
            <Button type="text" icon={<DeleteOutlined />} aria-label={t('removeGroup')} onClick={() => remove(rule)} />
          </div>
        ),
      )}
      <div style={{ display: 'flex', gap: 4 }}>
        <Button type="link" size="small" icon={<PlusOutlined />} onClick={() => add(newCondition(fields[0]))}>
          {t('addCondition')}
        </Button>
        {depth < 2 && group.rules.length > 0 && (
          <Button
            type="link"
            size="small"
            onClick={() =>
              add({ ...emptyGroup(), join: group.join === 'and' ? 'or' : 'and', rules: [newCondition(fields[0])] })
            }
          >
            {t('addGroup')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface RowProps {
  rule: RuleCondition;
  fields: readonly FilterField[];
  onChange: (rule: RuleCondition) => void;
  onRemove: () => void;
  narrow: boolean;
}

function ConditionRow({ rule, fields, onChange, onRemove, narrow }: RowProps) {
  const { t } = useTranslation('filter');
  const field = fieldOf(fields, rule.field);
  const operators = field ? behaviourOf(field).operators : [rule.op];
  return (
    <div
      style={{
        display: 'grid',
        gridTemplateColumns: narrow ? 'minmax(0, 3fr) minmax(0, 2fr) 32px' : '160px 128px minmax(0, 1fr) 32px',
        gap: 6,
      }}
    >
      <Select<string>
        aria-label={t('field')}
        value={field ? refOf(field) : rule.field === '' ? undefined : t('gone')}
        status={rule.field !== '' && !field ? 'error' : ''}
        showSearch={{ optionFilterProp: 'label' }}
        popupMatchSelectWidth={false}
        onChange={(ref) => {
          const next = fieldOf(fields, ref);
          if (next) onChange({ ...newCondition(next), id: rule.id });
        }}
        options={fields.map((item) => ({ value: refOf(item), label: item.name }))}
      />
      <Select
        aria-label={t('operator')}
        value={rule.op}
        onChange={(op) => onChange(withOp(rule, op))}
        options={operators.map((op) => ({ value: op, label: opLabel(t, op, field?.type) }))}
        popupMatchSelectWidth={false}
      />
      <div style={narrow ? { minWidth: 0, order: 1, gridColumn: '1 / 3' } : { minWidth: 0 }}>
        {field && (
          <FilterValueEditor
            field={field}
            op={rule.op}
            value={rule.value}
            onChange={(value) => onChange({ ...rule, value })}
          />
        )}
      </div>
      <Button type="text" icon={<DeleteOutlined />} aria-label={t('removeCondition')} onClick={onRemove} />
    </div>
  );
}
