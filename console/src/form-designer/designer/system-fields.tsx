import { PlusOutlined } from '@ant-design/icons';
import { systemFields } from '@lianke/shared/forms/definition';
import { Button } from 'antd';
import { currentLanguage } from '../../i18n/index.js';
import { useText } from '../i18n.js';
import { type DesignField, lastPlace, placeOf, spanOf } from '../model/design.js';
import styles from './designer.module.css';
import { TypeIcon } from './type-icon.js';
import { useDesigner } from './use-designer.js';

/** System fields have a name in each language. */
function nameOf(field: DesignField): string {
  const known = systemFields.find((item) => item.key === field.key);
  return known?.[currentLanguage()] ?? field.name;
}

/** Who made and changed a record, and when: kept by the system, shown where one puts them. */
export function SystemFields() {
  const text = useText();
  const { design, act, select } = useDesigner();
  const free = Object.values(design.fields).filter((field) => field.system && !placeOf(design, field.uid));
  if (free.length === 0) return null;
  return (
    <section aria-label={text('systemFields')}>
      <h3 className={styles.paletteTitle}>{text('systemFields')}</h3>
      {free.map((field) => (
        <div key={field.uid} className={styles.removed}>
          <TypeIcon type={field.type} />
          <span className="ellipsis">{nameOf(field)}</span>
          <Button
            type="link"
            size="small"
            icon={<PlusOutlined />}
            aria-label={text('placeField', { name: nameOf(field) })}
            onClick={() => {
              act({ type: 'addField', field, at: lastPlace(design), span: spanOf(field.type, 1) });
              select({ kind: 'field', uid: field.uid });
            }}
          >
            {text('place')}
          </Button>
        </div>
      ))}
    </section>
  );
}
