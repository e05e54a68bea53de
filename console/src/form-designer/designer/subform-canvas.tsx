import { useDraggable } from '@dnd-kit/core';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { FieldEditor } from '../../shared/field-editor.js';
import { useText } from '../i18n.js';
import type { DesignAction } from '../model/actions.js';
import type { DesignField } from '../model/design.js';
import { useTypeLabel } from '../use-type-label.js';
import styles from './designer.module.css';
import { sampleValue } from './sample-value.js';
import { useColumns } from './use-columns.js';
import { useDesigner } from './use-designer.js';

const inert = { inert: '' };

/** A subform on the canvas: a column for each field of its rows, and a place to drop more. */
export function SubformCanvas({ field, landing }: { field: DesignField; landing: number | null }) {
  const text = useText();
  const { columns: inner, change, remove } = useColumns(field);
  return (
    <div className={styles.subform} data-subform={field.uid}>
      {inner.map((item, at) => (
        <Column
          key={item.uid}
          parent={field}
          field={item}
          at={at}
          count={inner.length}
          landing={landing === at}
          change={change}
          onRemove={() => remove(item)}
        />
      ))}
      <div className={`${styles.subformSlot} ${landing === inner.length ? styles.subformSlotOver : ''}`}>
        {text(inner.length === 0 ? 'subformEmptyCanvas' : 'subformDrop')}
      </div>
    </div>
  );
}

interface ColumnProps {
  parent: DesignField;
  field: DesignField;
  at: number;
  count: number;
  landing: boolean;
  change: (action: DesignAction) => void;
  onRemove: () => void;
}

function Column({ parent, field, at, count, landing, change, onRemove }: ColumnProps) {
  const text = useText();
  const label = useTypeLabel();
  const { selection, select } = useDesigner();
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: `inner:${parent.uid}:${field.uid}`,
    data: { kind: 'inner', parent: parent.uid, uid: field.uid },
  });
  const selected = selection.kind === 'field' && selection.uid === parent.uid && selection.inner === field.uid;
  const choose = () => select({ kind: 'field', uid: parent.uid, inner: field.uid });
  const classes = [styles.subformColumn];
  if (selected) classes.push(styles.subformSelected);
  if (isDragging) classes.push(styles.fieldDragging);
  if (landing) classes.push(styles.subformBefore);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button may not hold the control that is shown
    <div
      ref={setNodeRef}
      role="button"
      tabIndex={0}
      data-inner={field.uid}
      className={classes.join(' ')}
      aria-pressed={selected}
      aria-label={text('innerAria', { name: field.name, type: label(field.type), form: parent.name })}
      onClick={(event) => {
        event.stopPropagation();
        choose();
      }}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
        event.stopPropagation();
        if (step !== 0) {
          const index = step < 0 ? at - 1 : at + 2;
          if (index >= 0 && index <= count)
            change({ type: 'moveField', uid: field.uid, at: { section: 'rows', index } });
        } else if (event.key === 'Delete' || event.key === 'Backspace') onRemove();
        else if (event.key === 'Enter' || event.key === ' ') choose();
        else if (event.key === 'Escape') select({ kind: 'field', uid: parent.uid });
        else return;
        event.preventDefault();
      }}
      {...listeners}
    >
      <div className={styles.fieldLabel}>
        {field.rules.required && <span className={styles.star}>*</span>}
        <span className="ellipsis">{field.name || label(field.type)}</span>
      </div>
      <div {...inert} className={styles.control}>
        {fieldTypes[field.type].refers === 'record' && typeof field.config.formId !== 'string' ? (
          <div className={styles.missing}>{text('noRelationTarget')}</div>
        ) : (
          <FieldEditor
            field={{ ...field, key: field.uid }}
            value={sampleValue(field)}
            onChange={() => undefined}
            label={field.name}
          />
        )}
      </div>
    </div>
  );
}
