import { DeleteOutlined, EyeInvisibleOutlined } from '@ant-design/icons';
import { useDraggable } from '@dnd-kit/core';
import { Button, Tooltip } from 'antd';
import type { CSSProperties, KeyboardEvent } from 'react';
import { LaidElement } from '../../records/laid-sections.js';
import { useText } from '../i18n.js';
import type { DesignElement, DesignItem } from '../model/design.js';
import styles from './designer.module.css';

interface Props {
  element: DesignElement;
  item: DesignItem;
  columns: number;
  selected: boolean;
  landing: 'before' | 'after' | null;
  onSelect: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onRemove: () => void;
}

/** Words or a line on the canvas. */
export function CanvasElement({ element, item, columns, selected, landing, onSelect, onKeyDown, onRemove }: Props) {
  const text = useText();
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: `field:${element.uid}`,
    data: { kind: 'field', uid: element.uid },
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
      data-field={element.uid}
      data-wide={wide}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a button may not hold headings and lists */}
      <div
        ref={setNodeRef}
        role="button"
        tabIndex={0}
        className={styles.fieldCard}
        aria-label={text(`layout_${element.kind}`)}
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
        {element.visibleWhen && (
          <div className={styles.fieldHint}>
            <EyeInvisibleOutlined /> {text('conditional')}
          </div>
        )}
        <div className={styles.control}>
          {element.kind === 'text' && element.content === '' ? (
            <span className="muted">{text('wordsPlaceholder')}</span>
          ) : (
            <LaidElement element={{ id: element.uid, kind: element.kind, content: element.content }} />
          )}
        </div>
      </div>
      {selected && (
        <div className={styles.fieldTools}>
          <Tooltip title={`${text('removeElement')} Delete`}>
            <Button
              size="small"
              danger
              icon={<DeleteOutlined />}
              aria-label={text('removeElement')}
              onClick={onRemove}
            />
          </Tooltip>
        </div>
      )}
    </div>
  );
}
