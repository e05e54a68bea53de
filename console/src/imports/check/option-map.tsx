import type { SheetColumn } from '@lianke/shared/imports/api';
import { Select } from 'antd';
import { formatNumber } from '../../shared/format.js';
import { useText } from '../i18n.js';
import type { Plan } from '../model/plan.js';
import styles from './check.module.css';

interface Props {
  column: SheetColumn;
  field: { name: string; config: Readonly<Record<string, unknown>> };
  /** `target.field`. */
  mapKey: string;
  plan: Plan;
  onChange: (plan: Plan) => void;
}

const automatic = '\u0000auto';
const empty = '\u0000empty';

/** Which option each text of the column becomes; texts that are an option's name already are left out. */
export function OptionMap({ column, field, mapKey, plan, onChange }: Props) {
  const text = useText();
  const options = Array.isArray(field.config.options) ? (field.config.options as { id: string; label: string }[]) : [];
  const chosen = plan.options.options[mapKey] ?? {};
  const odd = (column.distinct ?? []).filter(
    (item) => item.text.trim() !== '' && !options.some((option) => option.label === item.text.trim()),
  );
  if (odd.length === 0) return null;
  const set = (label: string, value: string) => {
    const next: Record<string, string | null> = { ...chosen };
    if (value === automatic) delete next[label];
    else next[label] = value === empty ? null : value;
    onChange({ ...plan, options: { ...plan.options, options: { ...plan.options.options, [mapKey]: next } } });
  };
  return (
    <div>
      <div className={styles.label}>
        {text('optionMap')} <span className="muted">{text('optionMapHint')}</span>
      </div>
      <div className={styles.optionMap}>
        {odd.map((item) => {
          const now = chosen[item.text];
          return (
            <div key={item.text} className={styles.optionLine}>
              <span className="ellipsis" title={item.text}>
                {item.text} <span className="muted tabular">{formatNumber(item.count)}</span>
              </span>
              <Select
                size="small"
                aria-label={item.text}
                value={now === undefined ? automatic : (now ?? empty)}
                onChange={(value) => set(item.text, value)}
                options={[
                  { value: automatic, label: text('optionAuto') },
                  ...options.map((option) => ({ value: option.id, label: option.label })),
                  { value: empty, label: text('optionEmpty') },
                ]}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
