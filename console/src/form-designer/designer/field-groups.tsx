import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { currentLanguage } from '../../i18n/index.js';
import { listing } from '../../i18n/punctuation.js';
import { useText } from '../i18n.js';
import { fieldGroups, withGroup } from '../model/field-groups.js';
import styles from './designer.module.css';
import { useDesigner } from './use-designer.js';

/** 常用字段组: several fields at once, in a section of their own. */
export function FieldGroups() {
  const text = useText();
  const { design, act, select } = useDesigner();
  return (
    <section aria-label={text('fieldGroups')}>
      <h3 className={styles.paletteTitle}>{text('fieldGroups')}</h3>
      {fieldGroups.map((group) => {
        const name = group.name[currentLanguage()];
        return (
          <div
            key={group.key}
            className={styles.removed}
            title={listing(group.fields.map((field) => field.name[currentLanguage()]))}
          >
            <span className="ellipsis">
              {name} <span className="muted">{text('templateFields', { n: group.fields.length })}</span>
            </span>
            <Button
              type="link"
              size="small"
              icon={<PlusOutlined />}
              aria-label={text('addGroup', { name })}
              onClick={() => {
                const { design: next, section } = withGroup(design, group, currentLanguage());
                act({ type: 'replace', design: next });
                select({ kind: 'section', uid: section });
              }}
            >
              {text('place')}
            </Button>
          </div>
        );
      })}
    </section>
  );
}
