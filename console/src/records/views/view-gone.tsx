import { SettingOutlined } from '@ant-design/icons';
import type { LookPart } from '@lianke/shared/forms/views';
import { lookRules } from '@lianke/shared/forms/views';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listing } from '../../i18n/punctuation.js';
import { EmptyState } from '../../shared/empty-state.js';
import { fieldOf } from '../../shared/filter-model.js';
import type { Grid } from '../use-grid.js';
import { ViewSettings } from './view-settings.js';

/** Parts of a view's look whose field was deleted, or that the reader may not see; those it can do without are left out. */
export function goneParts(grid: Grid): LookPart[] {
  const { view, form } = grid;
  if (!view) return [];
  return lookRules[view.type].flatMap(({ part, needed }) => {
    const ref = view.look[part];
    return ref === undefined ? (needed ? [part] : []) : fieldOf(form.fields, ref) ? [] : [part];
  });
}

/** Instead of a view that has lost the field it is made of: what is missing, and how it is mended. */
export function ViewGone({ grid }: { grid: Grid }) {
  const { t } = useTranslation('records');
  const [mending, setMending] = useState(false);
  const { view, form } = grid;
  if (!view) return null;
  const parts = goneParts(grid).map((part) =>
    t(`viewPartOf.${view.type}.${part}`, { defaultValue: t(`viewPart.${part}`) }),
  );
  const mayMend = (view.mine || form.actions.includes('design')) && !view.locked;
  return (
    <>
      <EmptyState
        icon={<SettingOutlined />}
        title={t('viewGone', { parts: listing(parts) })}
        hint={t(mayMend ? 'viewGoneMend' : 'viewGoneAsk')}
        action={mayMend && <Button onClick={() => setMending(true)}>{t('viewSettings')}</Button>}
      />
      {mending && <ViewSettings form={form} view={view} onClose={() => setMending(false)} />}
    </>
  );
}
