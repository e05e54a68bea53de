import { useQuery } from '@tanstack/react-query';
import { Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { Labelled } from '../../shared/designer/labelled.js';
import type { MetricWidget } from '../model/widgets.js';

/** What a metric is compared with: a target, and whose. */
export function TargetField({ widget, onChange }: { widget: MetricWidget; onChange: (widget: MetricWidget) => void }) {
  const { t } = useTranslation('dashboards');
  const targets = useQuery({
    queryKey: ['targets'],
    queryFn: async () => (await api('targets.list', {})).items,
  });
  const { target, ...rest } = widget;
  const gone = target && targets.data && !targets.data.some((item) => item.id === target.id);
  return (
    <>
      <Labelled label={t('designer.target')}>
        {(id) => (
          <Select<string>
            aria-labelledby={id}
            style={{ width: '100%' }}
            allowClear
            loading={targets.isPending}
            status={gone ? 'error' : ''}
            placeholder={t('designer.targetNone')}
            notFoundContent={t('designer.targetsNone')}
            value={gone ? null : (target?.id ?? null)}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(chosen) => {
              const found = targets.data?.find((item) => item.id === chosen);
              onChange(found ? { ...rest, target: { id: found.id, whose: target?.whose ?? 'me' } } : rest);
            }}
            options={(targets.data ?? []).map((item) => ({
              value: item.id as string,
              label: item.name,
              title: item.name,
            }))}
          />
        )}
      </Labelled>
      {target && !gone && (
        <Labelled group label={t('designer.targetWhose')}>
          <Segmented<'me' | 'departments'>
            block
            value={target.whose}
            onChange={(whose) => onChange({ ...rest, target: { ...target, whose } })}
            options={[
              { value: 'me', label: t('designer.targetMe') },
              { value: 'departments', label: t('designer.targetDepartments') },
            ]}
          />
          <p className="muted" style={{ margin: '6px 0 0' }}>
            {t('designer.targetHint')}
          </p>
        </Labelled>
      )}
    </>
  );
}
