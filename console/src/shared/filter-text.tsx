import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import type { Condition, Filter, FilterOp, FilterValue } from '@lianke/shared/filter/ast';
import { boxOf } from '@lianke/shared/geo/box';
import type { Json } from '@lianke/shared/json';
import type { TFunction } from 'i18next';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useDepartments, useMembers } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { targetOf } from '../fields/relation.js';
import './filter-i18n.js';
import { pause } from '../i18n/punctuation.js';
import { useFilterFields } from './filter-fields.js';
import { type FilterField, fieldOf, takesNoValue } from './filter-model.js';
import { useRecordLabels } from './record-labels.js';

const dateTypes: (FieldTypeName | undefined)[] = ['date', 'datetime', 'lastContact', 'dateRange'];

/** An operator in words; of dates 「早于」 rather than 「小于」. */
export function opLabel(t: TFunction, op: FilterOp, type?: FieldTypeName): string {
  const dated = dateTypes.includes(type) && ['gt', 'gte', 'lt', 'lte'].includes(op);
  return t(`filter:${dated ? 'dateOp' : 'op'}.${op}`);
}

function ConditionText({ condition, fields }: { condition: Condition; fields: readonly FilterField[] }) {
  const { t } = useTranslation('filter');
  const field = fieldOf(fields, condition.field);
  if (!field) return <>{t('gone')}</>;
  const operator = opLabel(t, condition.op, field.type);
  if (takesNoValue(condition.op)) return <>{`${field.name} ${operator}`}</>;
  return (
    <>
      {`${field.name} ${operator} `}
      {condition.op === 'within' ? (
        <BoxText value={condition.value} />
      ) : (
        <ValueText field={field} value={condition.value} />
      )}
    </>
  );
}

/** Edges of a box to a thousandth of a degree, some hundred metres. */
function BoxText({ value }: { value: FilterValue | undefined }) {
  const { t } = useTranslation('filter');
  const box = boxOf(value);
  if (!box) return <>…</>;
  const [west, south, east, north] = box.map((degrees) => Number(degrees.toFixed(3)));
  return <>{t('boxText', { west, south, east, north })}</>;
}

function ValueText({ field, value }: { field: FilterField; value: FilterValue | undefined }) {
  const { t } = useTranslation('filter');
  const members = useMembers();
  const departments = useDepartments();
  const list = Array.isArray(value) ? value : [value];
  const { refers } = fieldTypes[field.type];
  const ids = refers === 'record' ? list.filter((item): item is string => typeof item === 'string') : [];
  const labels = useRecordLabels(targetOf(field), ids);
  const one = (item: unknown): string => {
    if (typeof item === 'object' && item !== null) {
      if ('me' in item) return t('me');
      if ('myDepartment' in item) return t('myDepartment');
      if ('rel' in item) {
        const { rel, n } = item as { rel: string; n?: number };
        return n === undefined ? t(`rel.${rel}`) : t(`relN.${rel}`, { n, defaultValue: t(`rel.${rel}`) });
      }
    }
    if (refers === 'member') return members.data?.find((entry) => entry.id === item)?.name ?? '…';
    if (refers === 'department') return departments.data?.find((entry) => entry.id === item)?.name ?? '…';
    if (refers === 'record') return labels[String(item)] ?? '…';
    return fieldRenderers[field.type].text(field, item as Json) || String(item ?? '');
  };
  return <>{list.map(one).join(pause())}</>;
}

/** A filter in words: 「客户分级 等于 A 且 负责人 等于 我自己」. */
export function FilterText({ filter, fields }: { filter: Filter; fields: readonly FilterField[] }) {
  const all = useFilterFields(fields);
  return <Words filter={filter} fields={all} />;
}

function Words({ filter, fields }: { filter: Filter; fields: readonly FilterField[] }) {
  const { t } = useTranslation('filter');
  if ('not' in filter) {
    return (
      <>
        {t('not')} (<Words filter={filter.not} fields={fields} />)
      </>
    );
  }
  if (!('and' in filter) && !('or' in filter)) return <ConditionText condition={filter} fields={fields} />;
  const parts = 'and' in filter ? filter.and : filter.or;
  const word = t('and' in filter ? 'and' : 'or');
  return (
    <>
      {parts.map((part, index) => (
        // Parts of a filter have no identity but their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Fragment key={index}>
          {index > 0 && ` ${word} `}
          <Words filter={part} fields={fields} />
        </Fragment>
      ))}
    </>
  );
}
