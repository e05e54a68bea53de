import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { PoolSettings } from '@lianke/shared/pools/api';
import { Card, InputNumber, Radio, Segmented } from 'antd';
import type { FormView } from '../api/queries.js';
import { useText } from './i18n.js';

/** A number that may be left open. */
export function CountBox({
  label,
  unit,
  none,
  value,
  min = 1,
  max = 100_000,
  onChange,
}: {
  label: string;
  unit: string;
  none: string;
  value: number | null;
  min?: number;
  max?: number;
  onChange: (value: number | null) => void;
}) {
  return (
    <div style={{ display: 'flex', gap: 8, alignItems: 'center', padding: '4px 0', flexWrap: 'wrap' }}>
      <span style={{ flex: '1 1 220px' }}>{label}</span>
      <InputNumber
        aria-label={label}
        style={{ width: 120 }}
        min={min}
        max={max}
        precision={0}
        placeholder={none}
        value={value}
        onChange={(next) => onChange(next === null ? null : Number(next))}
      />
      <span className="muted" style={{ width: 56 }}>
        {unit}
      </span>
    </div>
  );
}

/** What claimers see: everything their roles show, or the fields named here. */
export function PoolFields({
  form,
  value,
  onChange,
}: {
  form: FormView;
  value: PoolSettings['fields'];
  onChange: (value: PoolSettings['fields']) => void;
}) {
  const text = useText();
  const fields = form.fields.filter((field) => !field.system);
  const put = (id: string, right: string) => {
    const { [id]: _, ...rest } = value ?? {};
    onChange(right === 'hidden' ? rest : { ...rest, [id]: right as 'read' | 'masked' });
  };
  return (
    <Card size="small" title={text('fieldsTitle')}>
      <Radio.Group
        value={value === null ? 'all' : 'some'}
        onChange={(event) => onChange(event.target.value === 'all' ? null : firstFields(form))}
        options={[
          { value: 'all', label: text('allFields') },
          { value: 'some', label: text('someFields') },
        ]}
      />
      {value !== null && (
        <>
          <p className="muted">{text('fieldsHint')}</p>
          {fields.map((field) => (
            <div
              key={field.id}
              style={{ display: 'flex', gap: 8, alignItems: 'center', padding: '4px 0', flexWrap: 'wrap' }}
            >
              <span style={{ flex: '1 1 220px' }}>{field.name}</span>
              <Segmented
                size="small"
                aria-label={field.name}
                value={value[field.id] ?? 'hidden'}
                onChange={(right) => put(field.id, right)}
                options={(['read', ...(behaviourOf(field).mask ? ['masked' as const] : []), 'hidden'] as const).map(
                  (right) => ({ value: right, label: text(`right.${right}`) }),
                )}
              />
            </div>
          ))}
        </>
      )}
    </Card>
  );
}

/** To begin with: the title and what cannot be used to go round the pool; what has stars has them. */
function firstFields(form: FormView): Record<string, 'read' | 'masked'> {
  const open = form.fields.filter((field) => !field.system && !reaching.includes(field.type));
  return Object.fromEntries(
    open.map((field) => [field.id, field.type === 'phone' || field.type === 'email' ? 'masked' : 'read']),
  );
}

/** Ways to reach a customer without claiming him. */
const reaching: readonly string[] = [
  'address',
  'location',
  'url',
  'attachment',
  'image',
  'longText',
  'richText',
  'subform',
];
