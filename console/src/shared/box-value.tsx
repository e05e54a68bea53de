import type { FilterValue } from '@lianke/shared/filter/ast';
import { boxOf } from '@lianke/shared/geo/box';
import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';

const edges = ['west', 'south', 'east', 'north'] as const;

/** The four edges of a box of degrees, GCJ-02. */
export function BoxValue({
  value,
  onChange,
}: {
  value: FilterValue | undefined;
  onChange: (value: FilterValue | undefined) => void;
}) {
  const { t } = useTranslation('filter');
  const list = Array.isArray(value) ? value : [];
  const complete = list.length === 4 && list.every((item) => typeof item === 'number');
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 6 }}>
      {edges.map((edge, at) => {
        const most = edge === 'south' || edge === 'north' ? 90 : 180;
        const degrees = list[at];
        return (
          <InputNumber<number>
            key={edge}
            aria-label={t(`edge.${edge}`)}
            prefix={<span className="muted">{t(`edge.${edge}`)}</span>}
            min={-most}
            max={most}
            controls={false}
            status={complete && !boxOf(list) ? 'error' : ''}
            style={{ width: '100%' }}
            value={typeof degrees === 'number' ? degrees : null}
            onChange={(next) =>
              onChange(edges.map((_, each) => (each === at ? next : (list[each] ?? null))) as FilterValue)
            }
          />
        );
      })}
    </div>
  );
}
