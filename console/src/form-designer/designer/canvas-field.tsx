import { CopyOutlined, DeleteOutlined, LockOutlined } from '@ant-design/icons';
import { useDraggable } from '@dnd-kit/core';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { Button, Tooltip } from 'antd';
import type { CSSProperties, KeyboardEvent } from 'react';
import { FieldEditor } from '../../shared/field-editor.js';
import { useText } from '../i18n.js';
import type { DesignField, DesignItem } from '../model/design.js';
import { useTypeLabel } from '../use-type-label.js';
import styles from './designer.module.css';
import { sampleValue } from './sample-value.js';
import { SubformCanvas } from './subform-canvas.js';

interface Props {
  field: DesignField;
  item: DesignItem;
  columns: number;
  selected: boolean;
  /** A line before or after it: where the dragged thing lands. */
  landing: 'before' | 'after' | null;
  /** Of a subform: before which of its columns the dragged thing lands. */
  inside: number | null;
  onSelect: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

// React 18 knows no `inert`; an empty attribute switches it on.
const inert = { inert: '' };

/** A field on the canvas: its real control, not usable, and what can be done with it. */
export function CanvasField(props: Props) {
  const { field, item, columns, selected, landing, inside, onSelect, onKeyDown, onDuplicate, onRemove } = props;
  const text = useText();
  const label = useTypeLabel();
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: `field:${field.uid}`,
    data: { kind: 'field', uid: field.uid },
  });
  const wide = item.span >= columns;
  const classes = [styles.field];
  if (selected) classes.push(styles.fieldSelected);
  if (isDragging) classes.push(styles.fieldDragging);
  if (landing) classes.push(styles[`${landing}${wide ? 'Wide' : ''}`]);
  return (
    <div
      className={classes.join(' ')}
      style={{ '--span': Math.min(item.span, columns) } as CSSProperties}
      data-field={field.uid}
      data-wide={wide}
      data-system={field.system === true}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a button may not hold the controls that are shown */}
      <div
        ref={setNodeRef}
        role="button"
        tabIndex={0}
        className={styles.fieldCard}
        aria-label={text('fieldAria', { name: field.name, type: label(field.type) })}
        aria-pressed={selected}
        onClick={(event) => {
          event.stopPropagation();
          onSelect();
        }}
        onFocus={(event) => {
          if (event.target === event.currentTarget) onSelect();
        }}
        onKeyDown={onKeyDown}
        {...listeners}
      >
        <div className={styles.fieldLabel}>
          {field.rules.required && <span className={styles.star}>*</span>}
          <span className="ellipsis">{field.name || label(field.type)}</span>
          {field.system && (
            <Tooltip title={text(field.uid === 'owner' ? 'ownerLocked' : 'systemLocked')}>
              <span className={styles.lock}>
                <LockOutlined /> {text('systemField')}
              </span>
            </Tooltip>
          )}
        </div>
        {field.type === 'subform' ? (
          <SubformCanvas field={field} landing={inside} />
        ) : (
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
        )}
        {field.hint && <div className={styles.fieldHint}>{field.hint}</div>}
      </div>
      {selected && field.uid !== 'owner' && (
        <div className={styles.fieldTools}>
          {!field.system && (
            <Tooltip title={text('duplicate')}>
              <Button size="small" icon={<CopyOutlined />} aria-label={text('duplicate')} onClick={onDuplicate} />
            </Tooltip>
          )}
          <Tooltip title={`${text('remove')} Delete`}>
            <Button size="small" danger icon={<DeleteOutlined />} aria-label={text('remove')} onClick={onRemove} />
          </Tooltip>
        </div>
      )}
    </div>
  );
}
