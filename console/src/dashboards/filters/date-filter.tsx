import type { PageFilterValue } from '@lianke/shared/dashboards/page-filters';
import { periodKey, usualPeriods } from '@lianke/shared/dashboards/usual-periods';
import type { RelativeValue } from '@lianke/shared/filter/ast';
import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import '../../shared/filter-i18n.js';
import styles from './filters.module.css';

/** A period: one of the usual ones, or two days. */
export function DateFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: PageFilterValue | undefined;
  onChange: (value: PageFilterValue | undefined) => void;
}) {
  const { t } = useTranslation('dashboards');
  const relative = value && !Array.isArray(value) && 'rel' in value ? value : undefined;
  const range = value && !Array.isArray(value) && !('rel' in value) ? value : undefined;
  const [own, setOwn] = useState(range !== undefined);
  const custom = range !== undefined || (own && !relative);
  const words = (item: RelativeValue) =>
    item.n === undefined ? t(`filter:rel.${item.rel}`) : t(`filter:relN.${item.rel}`, { n: item.n });
  return (
    <>
      <Select<string>
        aria-label={label}
        className={styles.control ?? ''}
        value={custom ? 'custom' : relative ? periodKey(relative) : 'all'}
        onChange={(key) => {
          setOwn(key === 'custom');
          onChange(usualPeriods.find((item) => periodKey(item) === key));
        }}
        options={[
          { value: 'all', label: t('filters.allTime') },
          ...usualPeriods.map((item) => ({ value: periodKey(item), label: words(item) })),
          { value: 'custom', label: t('filters.custom') },
        ]}
        listHeight={360}
      />
      {custom && (
        <DatePicker.RangePicker
          aria-label={label}
          allowEmpty={[true, true]}
          value={[range?.from ? dayjs(range.from) : null, range?.to ? dayjs(range.to) : null]}
          onChange={(days) => {
            const [from, to] = [days?.[0]?.format('YYYY-MM-DD'), days?.[1]?.format('YYYY-MM-DD')];
            onChange(from || to ? { ...(from ? { from } : {}), ...(to ? { to } : {}) } : undefined);
          }}
        />
      )}
    </>
  );
}
