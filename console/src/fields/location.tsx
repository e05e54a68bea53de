import { EnvironmentOutlined } from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import { Input, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type EditorProps, type FieldRenderer, type ValueProps } from './renderer.js';

interface Point {
  lat?: number;
  lng?: number;
  name?: string;
  address?: string;
  /** Of a visit: metres to the customer's address. */
  distance?: number;
}

function pointOf(value: Json | undefined): Point {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Point) : {};
}

function shown(value: Json | undefined): string {
  const point = pointOf(value);
  if (point.lat === undefined || point.lng === undefined) return '';
  return point.name ?? point.address ?? `${point.lat.toFixed(5)}, ${point.lng.toFixed(5)}`;
}

function Value({ value }: ValueProps) {
  const { t } = useTranslation('fields');
  const text = shown(value);
  const { lat, lng, distance } = pointOf(value);
  if (text === '') return null;
  const far =
    distance === undefined
      ? ''
      : distance < 1000
        ? t('toCustomer', { n: distance })
        : t('toCustomerKm', { n: (distance / 1000).toFixed(1) });
  return (
    <span title={`${lat}, ${lng}`}>
      <EnvironmentOutlined className="muted" /> {text}
      {far && <span className="muted tabular"> · {far}</span>}
    </span>
  );
}

/** A point is complete with both degrees; until then nothing is sent. */
function Editor({ field, value, onChange, id, label, disabled, invalid }: EditorProps) {
  const { t } = useTranslation('fields');
  const [draft, setDraft] = useState<Point>(pointOf(value));
  const name = label ?? field.name;
  const put = (change: { [K in keyof Point]?: Point[K] | undefined }) => {
    const next = { ...draft, ...change } as Point;
    setDraft(next);
    if (typeof next.lat !== 'number' || typeof next.lng !== 'number') return onChange(null);
    // Elsewhere it is another way to the customer.
    const { distance: _old, ...kept } = { ...pointOf(value), ...next };
    const moved = next.lat !== pointOf(value).lat || next.lng !== pointOf(value).lng;
    onChange((moved ? kept : { ...pointOf(value), ...next }) as Record<string, Json>);
  };
  const degrees = {
    disabled: disabled ?? false,
    controls: false,
    style: { width: '100%' },
    status: invalid ? 'error' : '',
  } as const;
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 6 }}>
      <Input
        id={id}
        aria-label={`${name} ${t('place')}`}
        placeholder={t('place')}
        style={{ gridColumn: '1 / -1' }}
        value={draft.name ?? ''}
        disabled={disabled}
        onChange={(event) => put({ name: event.target.value })}
      />
      <InputNumber<number>
        {...degrees}
        aria-label={`${name} ${t('lat')}`}
        placeholder={t('lat')}
        min={-90}
        max={90}
        value={draft.lat ?? null}
        onChange={(lat) => put({ lat: lat ?? undefined })}
      />
      <InputNumber<number>
        {...degrees}
        aria-label={`${name} ${t('lng')}`}
        placeholder={t('lng')}
        min={-180}
        max={180}
        value={draft.lng ?? null}
        onChange={(lng) => put({ lng: lng ?? undefined })}
      />
    </div>
  );
}

export const location: FieldRenderer = { Value, Editor, text: (_, value) => shown(value), inCell: false, width: 180 };
