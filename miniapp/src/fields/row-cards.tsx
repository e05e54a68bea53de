import { View } from '@tarojs/components';
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../components/icon.js';
import { useFormat } from '../data/context.js';
import type { ReadField } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { formatField } from './registry.js';
import { type Row, rowFields } from './subform-rows.js';

/** So many at first, and with each tap on what is left. */
const step = 50;

/** The rows of a subform as cards. A thousand of them at once would hold a phone up for seconds. */
export function RowCards({
  field,
  rows,
  onTap,
}: {
  field: ReadField;
  rows: readonly Row[];
  onTap?: (row: Row) => void;
}) {
  const t = useT();
  const [limit, setLimit] = useState(step);
  const before = useRef(rows.length);
  useEffect(() => {
    // Whoever saw all of them sees the one that came.
    if (limit >= before.current && limit < rows.length) setLimit(rows.length);
    before.current = rows.length;
  }, [limit, rows.length]);
  return (
    <>
      {rows.slice(0, limit).map((row, at) => (
        <RowCard key={row.id} field={field} row={row} at={at} onTap={onTap && (() => onTap(row))} />
      ))}
      {rows.length > limit ? (
        <View className="row-add link" hoverClass="is-pressed" onClick={() => setLimit(limit + step)}>
          {t('field.moreRows', { n: rows.length - limit })}
        </View>
      ) : null}
    </>
  );
}

/** A row as a card: its first filled field as title, the next ones under it. */
function RowCard({
  field,
  row,
  at,
  onTap,
}: {
  field: ReadField;
  row: Row;
  at: number;
  onTap: (() => void) | undefined;
}) {
  const context = useFormat();
  const texts = rowFields(field).flatMap((inner) => {
    const text = formatField(inner, row.values?.[inner.key], context);
    return text === '' ? [] : [{ name: inner.name, text }];
  });
  const [first, ...others] = texts;
  return (
    <View className="row-card" hoverClass={onTap ? 'is-pressed' : 'none'} onClick={onTap}>
      <View className="row-card__at">{at + 1}</View>
      <View className="row-card__main">
        <View className="row-card__title ellipsis">{first?.text ?? row.label ?? '—'}</View>
        {others.length > 0 ? (
          <View className="row-card__line">{others.map((item) => `${item.name} ${item.text}`).join(' · ')}</View>
        ) : null}
      </View>
      {onTap ? <Icon name="next" small className="row-card__next" /> : null}
    </View>
  );
}
