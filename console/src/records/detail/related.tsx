import { PlusOutlined } from '@ant-design/icons';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Filter } from '@lianke/shared/filter/ast';
import { nounOf } from '@lianke/shared/forms/noun';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { useQueries } from '@tanstack/react-query';
import { Button, Table, type TableColumnsType, Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { type FormView, keys, type ReadField, useForms } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { targetOf } from '../../fields/relation.js';
import { EmptyState } from '../../shared/empty-state.js';
import { FieldValue } from '../../shared/field-value.js';
import { formatTotal } from '../../shared/format.js';
import { PartError } from '../../shared/part-error.js';
import { usualColumns } from '../columns.js';
import { titleFieldOf } from '../layout.js';
import { RecordDrawer } from '../record-drawer.js';
import styles from './detail.module.css';
import { pointingAt } from './follow-ups.js';

interface Relation {
  form: FormView;
  field: ReadField;
}

const shownRows = 10;
const shownColumns = 6;

/** Relation fields of readable forms that point at `formId`, in form order. */
export function relationsTo(formId: string, forms: readonly FormView[]): Relation[] {
  return forms.flatMap((form) =>
    form.fields
      .filter((field) => fieldTypes[field.type].refers === 'record' && targetOf(field) === formId)
      .map((field) => ({ form, field })),
  );
}

function columnsFor({ form, field }: Relation): ReadField[] {
  const title = titleFieldOf(form);
  const usual = usualColumns(form).flatMap((key) => form.fields.find((item) => item.key === key) ?? []);
  const rest = usual.filter(
    (item) => item !== title && item !== field && !['longText', 'richText'].includes(item.type),
  );
  return [...(title ? [title] : []), ...rest].slice(0, shownColumns);
}

function RelatedTable({ relation, rows, loading }: { relation: Relation; rows: RecordView[]; loading: boolean }) {
  const { form } = relation;
  const columns: TableColumnsType<RecordView> = columnsFor(relation).map((field, index) => ({
    key: field.key,
    title: field.name,
    ellipsis: true,
    align: fieldRenderers[field.type].align ?? 'left',
    render: (_, record) =>
      index === 0 ? (
        <Link to={`/apps/${form.appId}/forms/${form.id}/records/${record.id}`}>{record.label || '—'}</Link>
      ) : (
        <FieldValue field={field} value={record.values[field.key]} />
      ),
  }));
  return (
    <Table<RecordView>
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={rows}
      loading={loading}
      pagination={false}
      scroll={{ x: 'max-content' }}
    />
  );
}

function presetOf(field: ReadField, record: RecordView): Json {
  const self = { id: record.id, label: record.label };
  return fieldTypes[field.type].storage === 'uuid[]' ? [self] : self;
}

/** Records of other forms that point at this one: a tab with its count for each, the newest first. */
export function Related({ form, record }: { form: FormView; record: RecordView }) {
  const { t } = useTranslation('records');
  const forms = useForms();
  const [adding, setAdding] = useState<Relation>();
  const relations = relationsTo(form.id, forms.data ?? []);
  const filterOf = ({ field }: Relation): Filter => pointingAt(field, record.id);
  const results = useQueries({
    queries: relations.map((relation) => ({
      queryKey: keys.data(relation.form.id, 'related', relation.field.id, record.id),
      queryFn: () =>
        api('records.query', {
          params: { formId: relation.form.id as FormId },
          body: {
            filter: filterOf(relation),
            sort: [{ field: 'createdAt', dir: 'desc' as const }],
            fields: columnsFor(relation).map((field) => field.key),
            limit: shownRows,
            total: true,
          },
        }),
    })),
  });
  if (relations.length === 0) return null;
  return (
    <section className={styles.panel} aria-label={t('related')}>
      <Tabs
        size="small"
        items={relations.map((relation, index) => {
          const result = results[index];
          const page = result?.data;
          const several = relations.filter((item) => item.form.id === relation.form.id).length > 1;
          const reverse = relation.field.config.reverseLabel;
          const name =
            typeof reverse === 'string' && reverse !== ''
              ? reverse
              : several
                ? `${relation.form.name} · ${relation.field.name}`
                : relation.form.name;
          const total = page?.total;
          const all = `/apps/${relation.form.appId}/forms/${relation.form.id}?filter=${encodeURIComponent(JSON.stringify(filterOf(relation)))}`;
          const add = relation.form.actions.includes('create') && relation.field.writable && (
            <Button size="small" icon={<PlusOutlined />} onClick={() => setAdding(relation)}>
              {t('addRelated', { name: nounOf(relation.form.name) })}
            </Button>
          );
          return {
            key: relation.field.id,
            label: total === undefined ? name : `${name} ${formatTotal(total)}`,
            children:
              result?.error && !page ? (
                <PartError error={result.error} retry={() => void result.refetch()} />
              ) : page?.items.length === 0 ? (
                <EmptyState compact title={t('relatedNone', { name: nounOf(name) })} action={add} />
              ) : (
                <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 8 }}>
                  <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 12 }}>
                    {total !== undefined && (typeof total !== 'number' || total > shownRows) && (
                      <Link to={all}>{t('relatedAll', { n: formatTotal(total) })}</Link>
                    )}
                    {add}
                  </div>
                  <RelatedTable relation={relation} rows={page?.items ?? []} loading={result?.isPending ?? false} />
                </div>
              ),
          };
        })}
      />
      {adding && (
        <RecordDrawer
          form={adding.form}
          open
          onClose={() => setAdding(undefined)}
          preset={{ [adding.field.key]: presetOf(adding.field, record) }}
        />
      )}
    </section>
  );
}
