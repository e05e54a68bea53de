import { mostSpots, type PlacesAnswer } from '@lianke/shared/records/places';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatTotal } from '../../../shared/format.js';
import styles from './map.module.css';

interface Props {
  answer: PlacesAnswer | undefined;
  /** Points stand in the middle of their city. */
  byCity: boolean;
  /** The company's tiles did not come. */
  failed: boolean;
  onInside: () => void;
  onWithout: () => void;
}

/** Above a map: how many records are in sight, beside it, and without a place. */
export function MapInfo({ answer, byCity, failed, onInside, onWithout }: Props) {
  const { t } = useTranslation('records');
  const outside = answer ? answer.placed - answer.inside : 0;
  const without = answer ? answer.total - answer.placed : 0;
  return (
    <div className={styles.info}>
      {answer && (
        <Button type="link" size="small" disabled={answer.inside === 0} onClick={onInside}>
          {t('map.inside', { n: formatTotal(answer.inside) })}
        </Button>
      )}
      {outside > 0 && <span className="muted tabular">{t('map.outside', { n: formatTotal(outside) })}</span>}
      {without > 0 && (
        <Button type="text" size="small" className="muted" onClick={onWithout}>
          {t('map.without', { n: formatTotal(without) })}
        </Button>
      )}
      {byCity && <span className="muted">{t('map.byCity')}</span>}
      {answer?.cut && <span className="muted">{t('map.cut', { n: formatTotal(mostSpots) })}</span>}
      {failed && <span className="muted">{t('map.tilesFailed')}</span>}
    </div>
  );
}
