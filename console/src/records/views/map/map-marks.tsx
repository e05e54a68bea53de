import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatTotal } from '../../../shared/format.js';
import { type Mark, markSize, ringOf } from './clusters.js';
import styles from './map.module.css';

/** So few marks have room for their names. */
const named = 40;

/** A number that fits into a mark: from five digits on, in thousands. */
function figure(count: number): string {
  return count < 10_000 ? formatTotal(count) : `${Math.floor(count / 1000)}k`;
}

/** Marks over the map: a dot a record, a ring with a number for several; each is a button. */
export function MapMarks({
  marks,
  colorOf,
  onPick,
}: {
  marks: readonly Mark[];
  colorOf: (id: string) => string;
  onPick: (mark: Mark) => void;
}) {
  const { t } = useTranslation('records');
  return (
    <>
      {marks.map((mark) => {
        const size = markSize(mark.count);
        const ground =
          mark.colors.length > 0
            ? ringOf(mark.colors, colorOf)
            : mark.count === 1
              ? 'var(--ant-color-primary)'
              : 'color-mix(in srgb, var(--ant-color-primary) 55%, transparent)';
        const name = mark.record ? mark.record.label || '—' : t('map.several', { n: formatTotal(mark.count) });
        return (
          <Tooltip key={mark.box.join()} title={name} mouseEnterDelay={0.3}>
            <button
              type="button"
              className={mark.count === 1 ? styles.dot : styles.cluster}
              aria-label={name}
              style={{ left: mark.x, top: mark.y, width: size, height: size, background: ground }}
              onClick={() => onPick(mark)}
            >
              {mark.count > 1 && <span className="tabular">{figure(mark.count)}</span>}
              {mark.record && marks.length <= named && <em className={styles.dotName}>{mark.record.label}</em>}
            </button>
          </Tooltip>
        );
      })}
    </>
  );
}
