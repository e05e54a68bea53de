import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { isDerived } from '@lianke/shared/fields/derived';
import { asJson, type Json } from '@lianke/shared/json';
import { Button, Form } from 'antd';
import type { ReadField } from '../api/queries.js';
import { innerFields, maxRowsOf, type Row, rowsOf } from '../fields/subform/rows.js';
import { newRecordId } from '../records/new-id.js';
import { FieldEditor } from '../shared/field-editor.js';
import { useText } from './i18n.js';
import styles from './visit.module.css';

interface Props {
  field: ReadField;
  value: Json | undefined;
  onChange: (value: Json) => void;
  id: string;
  /** `<subform>[<row>].<field>` → what is wrong. */
  faults: Readonly<Record<string, string>>;
  disabled: boolean;
}

/** The rows of a subform one below the other, each a small form of its own: what a phone has room for. */
export function VisitRows({ field, value, onChange, id, faults, disabled }: Props) {
  const text = useText();
  // What is computed needs no asking; it is worked out when the page is sent.
  const fields = innerFields(field).filter((inner) => inner.writable && !isDerived(inner.type));
  const rows = rowsOf(value);
  const most = maxRowsOf(field);
  const put = (next: Row[]) => onChange(next.length === 0 ? null : asJson(next));
  const add = () => {
    const values = Object.fromEntries(
      fields.flatMap((inner) =>
        inner.default?.kind === 'literal' ? [[inner.key, inner.default.value as Json] as const] : [],
      ),
    );
    put([...rows, { id: newRecordId(), values }]);
  };
  return (
    <div className={styles.rows}>
      {rows.map((row, at) => (
        <fieldset key={row.id} className={styles.row}>
          <legend className={styles.rowHead}>
            <span>{text('rowN', { n: at + 1 })}</span>
            {!disabled && (
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={text('dropRow', { n: at + 1 })}
                onClick={() => put(rows.filter((other) => other.id !== row.id))}
              />
            )}
          </legend>
          {fields.map((inner) => {
            const fault = faults[`${field.key}[${at}].${inner.key}`];
            const inputId = `${id}-${at}-${inner.key}`;
            return (
              <Form.Item
                key={inner.key}
                label={inner.name}
                htmlFor={inputId}
                required={inner.rules.required === true}
                validateStatus={fault ? 'error' : ''}
                help={fault}
                extra={inner.hint}
              >
                <FieldEditor
                  id={inputId}
                  field={inner}
                  value={row.values?.[inner.key]}
                  onChange={(next) =>
                    put(
                      rows.map((other) =>
                        other.id === row.id ? { ...other, values: { ...other.values, [inner.key]: next } } : other,
                      ),
                    )
                  }
                  disabled={disabled}
                  invalid={fault !== undefined}
                />
              </Form.Item>
            );
          })}
        </fieldset>
      ))}
      {!disabled && rows.length < most && (
        <Button id={id} icon={<PlusOutlined />} onClick={add} block>
          {text('addRow')}
        </Button>
      )}
    </div>
  );
}
