import { useTranslation } from 'react-i18next';
import type { ReadField } from '../../api/queries.js';
import { optionsOf } from '../../fields/options.js';
import styles from './detail.module.css';

interface Props {
  field: ReadField;
  value: string | null;
  mayChange: boolean;
  onChange: (id: string) => void;
}

/** The pipeline's stages in their order; a click moves the record there. */
export function StageBar({ field, value, mayChange, onChange }: Props) {
  const { t } = useTranslation('records');
  const options = optionsOf(field);
  const now = options.findIndex((option) => option.id === value);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a bar of buttons, not a set of form controls
    <div role="group" aria-label={field.name} className={styles.stages}>
      {options.map((option, index) => {
        const current = index === now;
        const classes = [styles.stage, current ? styles.stageNow : index < now && styles.stagePast];
        return (
          <button
            key={option.id}
            type="button"
            className={classes.filter(Boolean).join(' ')}
            aria-current={current ? 'step' : undefined}
            aria-label={t(current ? 'stageCurrent' : 'stageSet', { name: option.label })}
            title={option.label}
            disabled={!mayChange || option.disabled === true}
            onClick={() => !current && onChange(option.id)}
          >
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
