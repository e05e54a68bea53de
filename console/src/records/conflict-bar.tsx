import { WarningFilled } from '@ant-design/icons';
import type { Json } from '@lianke/shared/json';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import type { Conflict } from './conflict.js';
import styles from './records.module.css';

/** 「阶段：王芳刚改为“B”，你的是“A”」 with 用我的 and 用对方的, one line a field that both changed. */
export function ConflictBar({ conflict, onResolve }: { conflict: Conflict; onResolve: (mine: boolean) => void }) {
  const { t } = useTranslation('records');
  const words = (field: ReadField, value: Json) => fieldRenderers[field.type].text(field, value) || t('blank');
  return (
    <div role="alert" className={styles.conflict}>
      <WarningFilled style={{ color: 'var(--ant-color-warning)' }} />
      <div className={styles.conflictWords}>
        {conflict.fields.map(({ field, mine, theirs }) => (
          <div key={field.key}>
            {t('conflictNamed', {
              field: field.name,
              who: conflict.who || t('someone'),
              theirs: words(field, theirs),
              mine: words(field, mine),
            })}
          </div>
        ))}
      </div>
      <Button size="small" type="primary" onClick={() => onResolve(true)}>
        {t('useMine')}
      </Button>
      <Button size="small" onClick={() => onResolve(false)}>
        {t('useTheirs')}
      </Button>
    </div>
  );
}
