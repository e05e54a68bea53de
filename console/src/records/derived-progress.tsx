import type { DerivedBuild } from '@lianke/shared/forms/derived';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Progress } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { type FormView, keys } from '../api/queries.js';
import { formatTotal } from '../shared/format.js';
import './i18n.js';

const pollMs = 2000;
const derived: readonly string[] = ['formula', 'lookup', 'rollup', 'lastContact'];

/** How far the fields are that a publish has computed anew for all rows; nothing when none is under way. */
export function DerivedProgress({ form }: { form: FormView }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const builds = useQuery({
    // A new version may have begun to compute something.
    queryKey: ['derived', form.id, form.version],
    queryFn: async () => (await api('forms.derived', { params: { formId: form.id } })).items,
    enabled: form.fields.some((field) => derived.includes(field.type) || field.type === 'subform'),
    staleTime: 0,
    refetchInterval: (query) => (query.state.data?.some((item) => item.state === 'waiting') ? pollMs : false),
  });
  const waiting = builds.data?.filter((item) => item.state === 'waiting') ?? [];
  const failed = builds.data?.filter((item) => item.state === 'failed') ?? [];
  const before = useRef(0);
  useEffect(() => {
    // What was computed meanwhile is on screen as it was.
    if (waiting.length < before.current) void client.invalidateQueries({ queryKey: keys.data(form.id) });
    before.current = waiting.length;
  }, [waiting.length, client, form.id]);
  if (waiting.length === 0 && failed.length === 0) return null;
  return (
    <Alert
      type={failed.length > 0 ? 'warning' : 'info'}
      showIcon
      style={{ margin: '8px 16px 0' }}
      title={waiting.length > 0 ? t('derivedWaiting') : t('derivedFailed')}
      description={
        <div role="status">
          {waiting.map((item) => (
            <Line key={item.field} item={item} />
          ))}
          {failed.map((item) => (
            <div key={item.field}>{t('derivedFailedField', { name: item.name })}</div>
          ))}
        </div>
      }
    />
  );
}

function Line({ item }: { item: DerivedBuild }) {
  const { t } = useTranslation('records');
  const { done, total } = item;
  return (
    <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
      <span className="ellipsis" style={{ maxWidth: 240 }}>
        {item.name}
      </span>
      <Progress
        size="small"
        style={{ maxWidth: 240 }}
        percent={total ? Math.min(99, Math.floor((done / total) * 100)) : 0}
      />
      <span className="muted tabular">
        {total === null
          ? t('derivedCounting')
          : t('derivedRows', { done: formatTotal(done), total: formatTotal(total) })}
      </span>
    </div>
  );
}
