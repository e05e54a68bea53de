import type { Spot } from '@lianke/shared/records/places';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../../../api/queries.js';
import { optionOf } from '../../../fields/options.js';
import { formatTotal } from '../../../shared/format.js';
import styles from './map.module.css';

const most = 8;

/** What the colours in sight mean, with how many records have each. */
export function MapLegend({
  color,
  spots,
  colorOf,
}: {
  color: ReadField;
  spots: readonly Spot[];
  colorOf: (id: string) => string;
}) {
  const { t } = useTranslation('records');
  const sums = new Map<string, number>();
  for (const spot of spots) for (const { id, count } of spot.colors ?? []) sums.set(id, (sums.get(id) ?? 0) + count);
  if (sums.size === 0) return null;
  const shown = [...sums].sort((a, b) => b[1] - a[1]).slice(0, most);
  return (
    <ul className={styles.legend} aria-label={color.name}>
      {shown.map(([id, count]) => (
        <li key={id}>
          <i style={{ background: colorOf(id) }} />
          <span className="ellipsis">
            {id === '' ? t('laneNone', { name: color.name }) : optionOf(color, id).label}
          </span>
          <span className="muted tabular">{formatTotal(count)}</span>
        </li>
      ))}
    </ul>
  );
}
