import { useQuery } from '@tanstack/react-query';
import { Progress } from 'antd';
import { api } from '../../api/client.js';
import { formatNumber } from '../../shared/format.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { fieldsInOrder } from '../model/design.js';
import styles from './properties.module.css';

function useFill() {
  const { form } = useDesigner();
  return useQuery({
    queryKey: ['formFill', form.id, form.version],
    queryFn: () => api('forms.fill', { params: { formId: form.id } }),
    staleTime: 60_000,
  });
}

/** 填写率 of one field: what share of the records holds a value. */
export function FieldFillRate({ id }: { id: string }) {
  const text = useText();
  const { data } = useFill();
  const filled = data?.filled[id];
  if (!data || filled === undefined || data.total === 0) return null;
  const percent = Math.round((filled / data.total) * 100);
  return (
    <div className={styles.hint}>
      {text('fillRate', { percent, n: formatNumber(filled), total: formatNumber(data.total) })}
      <Progress percent={percent} showInfo={false} size="small" aria-label={text('fillRateTitle')} />
    </div>
  );
}

/** The fields that are filled in least, each a way to its settings. */
export function FormFillRate() {
  const text = useText();
  const { design, select } = useDesigner();
  const { data } = useFill();
  if (!data || data.total === 0) return null;
  const rows = fieldsInOrder(design)
    .flatMap((field) => {
      const filled = field.id === undefined ? undefined : data.filled[field.id];
      return filled === undefined ? [] : [{ field, percent: Math.round((filled / data.total) * 100) }];
    })
    .sort((a, b) => a.percent - b.percent)
    .slice(0, 8);
  if (rows.length === 0) return null;
  return (
    <>
      <h4 className={styles.fillTitle}>{text('fillRateTitle')}</h4>
      <p className="muted">{text('fillRateHint', { total: formatNumber(data.total) })}</p>
      {rows.map(({ field, percent }) => (
        <button
          key={field.uid}
          type="button"
          className={styles.fillRow}
          onClick={() => select({ kind: 'field', uid: field.uid })}
        >
          <span className="ellipsis">{field.name}</span>
          <Progress percent={percent} size="small" style={{ width: 120 }} />
        </button>
      ))}
    </>
  );
}
