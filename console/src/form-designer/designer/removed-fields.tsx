import { RollbackOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { formatDatetime } from '../../shared/format.js';
import { useText } from '../i18n.js';
import { lastPlace, spanOf, toDesignField } from '../model/design.js';
import styles from './designer.module.css';
import { TypeIcon } from './type-icon.js';
import { useDesigner } from './use-designer.js';

/** Fields that were taken off the published form: their data is still there, a click puts them back. */
export function RemovedFields() {
  const text = useText();
  const { form, design, act, select } = useDesigner();
  const gone = (form.removed ?? []).filter((field) => !design.fields[field.id]);
  if (gone.length === 0) return null;
  return (
    <section aria-label={text('removedFields')}>
      <h3 className={styles.paletteTitle}>{text('removedFields')}</h3>
      {gone.map((removed) => (
        <div key={removed.id} className={styles.removed} title={formatDatetime(removed.removedAt)}>
          <TypeIcon type={removed.type} />
          <span className="ellipsis">{removed.name}</span>
          <Button
            type="link"
            size="small"
            icon={<RollbackOutlined />}
            aria-label={text('restoreField', { name: removed.name })}
            onClick={() => {
              const field = toDesignField(removed);
              const at = lastPlace(design);
              const columns = design.sections.at(-1)?.columns ?? 1;
              act({ type: 'addField', field, at, span: spanOf(field.type, columns) });
              select({ kind: 'field', uid: field.uid });
            }}
          >
            {text('restore')}
          </Button>
        </div>
      ))}
    </section>
  );
}
