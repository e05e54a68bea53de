import { SearchOutlined } from '@ant-design/icons';
import { Select } from 'antd';
import { useText } from '../i18n.js';
import { fieldsInOrder } from '../model/design.js';
import { useTypeLabel } from '../use-type-label.js';
import styles from './designer.module.css';
import { useDesigner } from './use-designer.js';

/** Forms shorter than this are seen at a glance. */
const longForm = 8;

/** Finds a field of a long form by its name, key or type, and shows it on the canvas. */
export function FindField() {
  const text = useText();
  const label = useTypeLabel();
  const { design, select } = useDesigner();
  const fields = fieldsInOrder(design);
  if (fields.length < longForm) return null;
  return (
    <div className={styles.find}>
      <Select<string | null>
        value={null}
        aria-label={text('findField')}
        placeholder={text('findField')}
        suffixIcon={<SearchOutlined />}
        showSearch={{
          filterOption: (typed, option) =>
            String(option?.search ?? '')
              .toLowerCase()
              .includes(typed.trim().toLowerCase()),
        }}
        notFoundContent={text('findNothing')}
        onChange={(uid) => {
          if (uid) select({ kind: 'field', uid });
        }}
        options={fields.map((field) => ({
          value: field.uid,
          label: field.name,
          search: `${field.name} ${field.key ?? ''} ${label(field.type)}`,
        }))}
        style={{ width: '100%' }}
      />
    </div>
  );
}
