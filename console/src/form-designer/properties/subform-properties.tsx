import { ArrowLeftOutlined, DeleteOutlined, HolderOutlined, RollbackOutlined } from '@ant-design/icons';
import { Button, InputNumber, Select } from 'antd';
import { formatDatetime } from '../../shared/format.js';
import { TypeIcon } from '../designer/type-icon.js';
import { useColumns } from '../designer/use-columns.js';
import { DesignerContext, useDesigner } from '../designer/use-designer.js';
import { useInnerDesigner } from '../designer/use-inner-designer.js';
import { useText } from '../i18n.js';
import { type DesignField, newUid } from '../model/design.js';
import { newInner, removedInner, rowTypes } from '../model/subform.js';
import { useTypeLabel } from '../use-type-label.js';
import { FieldProperties } from './field-properties.js';
import { Prop, PropGroup } from './prop.js';
import styles from './properties.module.css';
import type { TypePropsOf } from './type-properties.js';

/** The fields of a subform's rows and how many rows there may be. */
export function SubformProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const label = useTypeLabel();
  const { select, setFresh } = useDesigner();
  const { columns: inner, change, remove } = useColumns(field);
  return (
    <>
      <PropGroup label={text('subformFields')} hint={text('subformFieldsHint')}>
        <div style={{ display: 'grid', gap: 4 }}>
          {inner.map((item) => (
            <div key={item.uid} style={{ display: 'flex', gap: 4, alignItems: 'center' }}>
              <HolderOutlined className="muted" />
              <Button
                type="text"
                size="small"
                icon={<TypeIcon type={item.type} />}
                style={{ flex: 1, justifyContent: 'flex-start', minWidth: 0 }}
                onClick={() => select({ kind: 'field', uid: field.uid, inner: item.uid })}
              >
                <span className="ellipsis">{item.name}</span>
              </Button>
              <Button
                type="text"
                size="small"
                danger
                icon={<DeleteOutlined />}
                aria-label={text('removeNamed', { name: item.name })}
                onClick={() => remove(item)}
              />
            </div>
          ))}
          <Select
            value={null}
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={text('subformAdd')}
            options={rowTypes.map((type) => ({ value: type, label: label(type) }))}
            onChange={(type: (typeof rowTypes)[number] | null) => {
              if (!type) return;
              const added = newInner(field, type, label(type), newUid());
              change({ type: 'addField', field: added, at: { section: 'rows', index: inner.length } });
              setFresh(added.uid);
              select({ kind: 'field', uid: field.uid, inner: added.uid });
            }}
          />
        </div>
      </PropGroup>
      <RemovedColumns
        field={field}
        onRestore={(column) => {
          change({ type: 'addField', field: column, at: { section: 'rows', index: inner.length } });
          select({ kind: 'field', uid: field.uid, inner: column.uid });
        }}
      />
      <div className={styles.pair}>
        <Prop label={text('minRows')}>
          <InputNumber
            min={0}
            max={5000}
            precision={0}
            value={typeof field.config.minRows === 'number' ? field.config.minRows : null}
            onChange={(value) => set({ minRows: value ?? undefined }, 'minRows')}
            style={{ width: '100%' }}
          />
        </Prop>
        <Prop label={text('maxRows')}>
          <InputNumber
            min={1}
            max={5000}
            precision={0}
            value={typeof field.config.maxRows === 'number' ? field.config.maxRows : 1000}
            onChange={(value) => set({ maxRows: value ?? 1000 }, 'maxRows')}
            style={{ width: '100%' }}
          />
        </Prop>
      </div>
    </>
  );
}

/** Columns that were taken off the published rows, each with the way back. */
function RemovedColumns({ field, onRestore }: { field: DesignField; onRestore: (column: DesignField) => void }) {
  const text = useText();
  const { form } = useDesigner();
  // As published: a draft knows only what had been taken off when it was begun.
  const published = form.fields.find((item) => item.id === field.id);
  const gone = removedInner(field, published?.config.removed);
  if (gone.length === 0) return null;
  return (
    <PropGroup label={text('removedColumns')}>
      <div style={{ display: 'grid', gap: 4 }}>
        {gone.map(({ removedAt, ...column }) => (
          <div
            key={column.uid}
            style={{ display: 'flex', gap: 8, alignItems: 'center', minWidth: 0 }}
            title={formatDatetime(removedAt)}
          >
            <TypeIcon type={column.type} />
            <span className="ellipsis" style={{ flex: 1 }}>
              {column.name}
            </span>
            <Button
              type="link"
              size="small"
              icon={<RollbackOutlined />}
              aria-label={text('restoreField', { name: column.name })}
              onClick={() => onRestore(column)}
            >
              {text('restore')}
            </Button>
          </div>
        ))}
      </div>
    </PropGroup>
  );
}

/** The properties of one field of a subform's rows. */
export function InnerProperties({ field, inner }: { field: DesignField; inner: DesignField }) {
  const text = useText();
  const { select } = useDesigner();
  const designer = useInnerDesigner(field);
  return (
    <DesignerContext.Provider value={designer}>
      <Button
        type="link"
        size="small"
        icon={<ArrowLeftOutlined />}
        style={{ padding: 0, marginBottom: 8 }}
        onClick={() => select({ kind: 'field', uid: field.uid })}
      >
        {text('backToSubform', { name: field.name })}
      </Button>
      <FieldProperties key={inner.uid} field={inner} />
    </DesignerContext.Provider>
  );
}
