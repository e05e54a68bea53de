import type { DashboardDefinition, DashboardView } from '@lianke/shared/dashboards/definition';
import { initialValues, type PageFilterValues, usualFilters } from '@lianke/shared/dashboards/page-filters';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Modal, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { FilterBar } from '../filters/filter-bar.js';
import { PageWidgets } from '../widgets/page-widgets.js';
import styles from './page-preview.module.css';

interface Props {
  page: DashboardView;
  /** The saved draft. */
  def: DashboardDefinition;
  /** Names the draft's state: its data is read anew with every other one. */
  revision: number;
  forms: readonly FormView[];
  onClose: () => void;
}

/** The draft as readers will see it, on a computer or a phone, its filter bar at work; nothing in it leads away. */
export function PagePreview({ page, def, revision, forms, onClose }: Props) {
  const { t } = useTranslation('dashboards');
  const [where, setWhere] = useState<'pc' | 'phone'>('pc');
  const filters = def.filters ?? usualFilters;
  const [values, setValues] = useState<PageFilterValues>(() => initialValues(filters));
  const data = useQuery({
    queryKey: [...keys.dashboard(page.id), 'data', 'draft', revision, values],
    queryFn: () =>
      api('dashboards.data', {
        params: { id: page.id },
        query: { of: 'draft', filters: JSON.stringify(values) },
      }),
    placeholderData: keepPreviousData,
  });
  const phone = where === 'phone';
  return (
    <Modal
      open
      title={t('designer.previewTitle', { name: page.name })}
      width="min(1280px, calc(100vw - 32px))"
      style={{ top: 24 }}
      footer={null}
      onCancel={onClose}
    >
      <Segmented
        aria-label={t('designer.previewWhere')}
        value={where}
        onChange={setWhere}
        options={[
          { value: 'pc' as const, label: t('designer.previewPc') },
          { value: 'phone' as const, label: t('designer.previewPhone') },
        ]}
      />
      <div className={phone ? styles.phone : styles.pc}>
        {def.widgets.length === 0 ? (
          <EmptyState compact title={t('emptyPage')} />
        ) : (
          <>
            {data.error && <Alert type="error" showIcon title={messageOf(data.error)} style={{ marginBottom: 12 }} />}
            <FilterBar
              filters={filters}
              values={values}
              onChange={setValues}
              onReset={
                JSON.stringify(values) === JSON.stringify(initialValues(filters))
                  ? undefined
                  : () => setValues(initialValues(filters))
              }
            />
            <PageWidgets
              appId={page.appId}
              widgets={def.widgets}
              forms={forms}
              data={data.data?.widgets}
              error={data.error}
              narrow={phone}
              still
            />
          </>
        )}
      </div>
    </Modal>
  );
}
