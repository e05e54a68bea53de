import type { Filter } from '@lianke/shared/filter/ast';
import type { MaskRule } from '@lianke/shared/org/api';
import { Segmented } from 'antd';
import type { FormView } from '../../api/queries.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useText } from '../i18n.js';
import { usualMask } from './grants.js';
import styles from './roles.module.css';

interface Props {
  fields: FormView['fields'];
  /** What is masked, for whoever only hears the page. */
  name: string;
  /** Undefined: masked in every record. */
  when: Filter | undefined;
  onWhen: (when: Filter | undefined) => void;
  /** Absent where the other records are none of this rule's. */
  otherwise?: MaskRule['otherwise'];
  onOtherwise?: (otherwise: MaskRule['otherwise']) => void;
}

/** In which records a field is masked: in all of them, or in those that meet a condition over their own fields. */
export function MaskCondition({ fields, name, when, onWhen, otherwise, onOtherwise }: Props) {
  const text = useText();
  return (
    <div className={styles.mask}>
      <Segmented<'all' | 'some'>
        size="small"
        aria-label={text('maskRows', { field: name })}
        value={when ? 'some' : 'all'}
        onChange={(rows) => onWhen(rows === 'some' ? usualMask.when : undefined)}
        options={[
          { value: 'all', label: text('maskAll') },
          { value: 'some', label: text('maskSome') },
        ]}
      />
      {when && (
        <FilterBuilder
          fields={fields}
          ownOnly
          narrow
          value={when}
          emptyText={text('maskNoCondition')}
          // A mask without a condition would show everything: the last one stays until another takes its place.
          onChange={(next) => next && onWhen(next)}
        />
      )}
      {when && otherwise && onOtherwise && (
        <div className={styles.maskOther}>
          <span className="muted">{text('maskOtherwise')}</span>
          <Segmented<MaskRule['otherwise']>
            size="small"
            aria-label={text('maskOtherwise')}
            value={otherwise}
            onChange={onOtherwise}
            options={(['write', 'read'] as const).map((right) => ({ value: right, label: text(`right_${right}`) }))}
          />
        </div>
      )}
    </div>
  );
}
