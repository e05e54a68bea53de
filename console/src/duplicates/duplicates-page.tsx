import { MergeCellsOutlined, SettingOutlined } from '@ant-design/icons';
import type { DuplicateGroup } from '@lianke/shared/duplicates/api';
import type { FormId } from '@lianke/shared/ids';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Card, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { type FormView, keys, type ReadField, useForm } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { FieldValue } from '../shared/field-value.js';
import { formatTotal } from '../shared/format.js';
import { namesOf } from './duplicate-notice.js';
import styles from './duplicates.module.css';
import { useText } from './i18n.js';
import { MergeDialog, mostMerged } from './merge-dialog.js';

/** 查重 over a whole form: the repeated records under one of its rules, group by group. */
export function DuplicatesPage() {
  const { formId } = useParams();
  const form = useForm(formId);
  if (form.isPending) return <Skeleton active style={{ padding: 24 }} />;
  if (!form.data) return <PageError error={form.error} retry={() => void form.refetch()} />;
  return <Groups key={form.data.id} form={form.data} />;
}

function Groups({ form }: { form: FormView }) {
  const text = useText();
  const hints = form.duplicates ?? [];
  const [rule, setRule] = useState(hints[0]?.id);
  const [merging, setMerging] = useState<readonly string[]>();
  const found = useInfiniteQuery({
    queryKey: keys.data(form.id, 'duplicate-groups', rule),
    queryFn: ({ pageParam }) =>
      api('duplicates.groups', {
        params: { formId: form.id as FormId },
        body: { rule: rule ?? '', limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor,
    enabled: rule !== undefined,
  });
  const mayDesign = form.actions.includes('design');
  const settings = mayDesign && (
    <Link to={`/apps/${form.appId}/forms/${form.id}/manage/duplicates`}>
      <Button icon={<SettingOutlined />}>{text('toRules')}</Button>
    </Link>
  );
  const mayMerge = form.actions.includes('edit') && form.actions.includes('delete');
  const groups = found.data?.pages.flatMap((page) => page.items) ?? [];
  const total = found.data?.pages[0];
  const compared = hints.find((hint) => hint.id === rule)?.fields ?? [];
  const shown = form.fields.filter((field) => compared.includes(field.id) && field.id !== form.settings.titleField);
  return (
    <div style={{ display: 'grid', gap: 16, padding: 24, maxWidth: 1000, margin: '0 auto' }}>
      <div style={{ display: 'flex', gap: 12, alignItems: 'center', flexWrap: 'wrap' }}>
        <div style={{ flex: '1 1 220px' }}>
          <h1 style={{ margin: 0, fontSize: 18 }}>
            <Link to={`/apps/${form.appId}/forms/${form.id}`}>{form.name}</Link> · {text('title')}
          </h1>
          <span className="muted">{text('groupsHint')}</span>
        </div>
        {hints.length > 0 && (
          <Select
            aria-label={text('byRule')}
            style={{ minWidth: 200 }}
            value={rule ?? null}
            onChange={(id: string | null) => setRule(id ?? undefined)}
            options={hints.map((hint) => ({
              value: hint.id,
              label: text('by', { fields: namesOf(form, hint.fields) }),
            }))}
          />
        )}
        {settings}
      </div>
      {hints.length === 0 && (
        <Card>
          <EmptyState title={text('noRulesHere')} hint={text('noRulesHereHint')} action={settings || undefined} />
        </Card>
      )}
      {found.isLoading && <Skeleton active />}
      {found.error && <PageError error={found.error} retry={() => void found.refetch()} />}
      {total && total.total > 0 && (
        <span className="muted tabular">
          {text('groupsTotal', { groups: formatTotal(total.total), records: formatTotal(total.records) })}
        </span>
      )}
      {found.data && groups.length === 0 && (
        <Card>
          <EmptyState title={text('noGroups')} hint={text('noGroupsHint')} />
        </Card>
      )}
      {groups.map((group) => (
        <Group
          key={group.records.map((record) => record.id).join()}
          form={form}
          group={group}
          fields={shown}
          {...(mayMerge ? { onMerge: setMerging } : {})}
        />
      ))}
      {found.hasNextPage && (
        <Button block type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {text('loadMore')}
        </Button>
      )}
      <MergeDialog form={form} ids={merging ?? []} open={merging !== undefined} onClose={() => setMerging(undefined)} />
    </div>
  );
}

function Group({
  form,
  group,
  fields,
  onMerge,
}: {
  form: FormView;
  group: DuplicateGroup;
  fields: readonly ReadField[];
  onMerge?: (ids: readonly string[]) => void;
}) {
  const text = useText();
  const owner = form.fields.find((field) => field.key === 'owner');
  const ids = group.records.slice(0, mostMerged).map((record) => record.id);
  return (
    <Card size="small">
      <div style={{ display: 'flex', gap: 16, alignItems: 'flex-start', flexWrap: 'wrap' }}>
        <div className={styles.group} style={{ flex: '1 1 260px', minWidth: 0 }}>
          {group.records.map((record) => (
            <div key={record.id} className={styles.row}>
              <Link to={`/apps/${form.appId}/forms/${form.id}/records/${record.id}`} className="ellipsis">
                {record.label || '—'}
              </Link>
              <span style={{ display: 'flex', gap: 12, flexWrap: 'wrap', minWidth: 0 }}>
                {fields.map((field) => (
                  <FieldValue key={field.key} field={field} value={record.values[field.key] ?? null} />
                ))}
              </span>
              {owner && (
                <span className="muted">
                  <FieldValue field={owner} value={record.values.owner ?? null} />
                </span>
              )}
            </div>
          ))}
          {group.count > group.records.length && (
            <span className="muted">{text('moreInGroup', { n: group.count - group.records.length })}</span>
          )}
        </div>
        {onMerge && (
          <Button icon={<MergeCellsOutlined />} onClick={() => onMerge(ids)}>
            {text('merge')}
          </Button>
        )}
      </div>
    </Card>
  );
}
