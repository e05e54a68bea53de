import { ArrowDownOutlined, ArrowUpOutlined, HolderOutlined } from '@ant-design/icons';
import { DndContext, type DragEndEvent, KeyboardSensor, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { Button, Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../api/queries.js';
import { deletedAtKey, moveKey } from './columns.js';
import type { Grid } from './use-grid.js';

interface RowProps {
  field: ReadField;
  shown: boolean;
  fixed: boolean;
  onToggle: () => void;
  onMove: ((by: 1 | -1) => void) | undefined;
}

function Row({ field, shown, fixed, onToggle, onMove }: RowProps) {
  const { t } = useTranslation('records');
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: field.key,
    disabled: !onMove,
  });
  return (
    <div
      ref={setNodeRef}
      style={{
        display: 'flex',
        alignItems: 'center',
        gap: 4,
        height: 32,
        transform: CSS.Translate.toString(transform),
        transition,
        opacity: isDragging ? 0.5 : 1,
      }}
    >
      <button
        type="button"
        {...attributes}
        {...listeners}
        aria-label={field.name}
        style={{ cursor: 'grab', visibility: onMove ? 'visible' : 'hidden', padding: 4, border: 0, background: 'none' }}
      >
        <HolderOutlined className="muted" />
      </button>
      <Checkbox checked={shown} disabled={fixed} onChange={onToggle} style={{ flex: 1, minWidth: 0 }}>
        <span className="ellipsis">{field.name}</span>
      </Checkbox>
      {onMove && (
        <>
          <Button
            type="text"
            size="small"
            icon={<ArrowUpOutlined />}
            aria-label={t('moveUp', { name: field.name })}
            onClick={() => onMove(-1)}
          />
          <Button
            type="text"
            size="small"
            icon={<ArrowDownOutlined />}
            aria-label={t('moveDown', { name: field.name })}
            onClick={() => onMove(1)}
          />
        </>
      )}
    </div>
  );
}

/** Which columns stand in which order, for this person in this browser. */
export function ColumnPanel({ grid }: { grid: Grid }) {
  const { t } = useTranslation('records');
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const shown = grid.columns.map((column) => column.field.key).filter((key) => key !== deletedAtKey);
  const title = grid.columns.find((column) => column.title)?.field.key;
  const movable = shown.filter((key) => key !== title);
  const hidden = grid.form.fields.filter((field) => !shown.includes(field.key));
  const put = (columns: string[]) => grid.setChoice({ ...grid.choice, columns });
  const drop = ({ active, over }: DragEndEvent) => over && put(moveKey(movable, String(active.id), String(over.id)));
  const fieldOf = (key: string) => grid.form.fields.find((field) => field.key === key);
  return (
    <div style={{ width: 280 }}>
      <div className="muted" style={{ marginBottom: 6 }}>
        {t('columnsHint')}
      </div>
      <div style={{ maxHeight: 420, overflow: 'auto' }}>
        <DndContext sensors={sensors} onDragEnd={drop}>
          <SortableContext items={movable} strategy={verticalListSortingStrategy}>
            {shown.map((key) => {
              const field = fieldOf(key);
              const at = movable.indexOf(key);
              return field ? (
                <Row
                  key={key}
                  field={field}
                  shown
                  fixed={key === title}
                  onToggle={() => put(movable.filter((item) => item !== key))}
                  onMove={
                    key === title
                      ? undefined
                      : (by) => {
                          const over = movable[at + by];
                          if (over) put(moveKey(movable, key, over));
                        }
                  }
                />
              ) : null;
            })}
          </SortableContext>
        </DndContext>
        {hidden.map((field) => (
          <Row
            key={field.key}
            field={field}
            shown={false}
            fixed={false}
            onMove={undefined}
            onToggle={() => put([...movable, field.key])}
          />
        ))}
      </div>
      <Button type="link" size="small" style={{ paddingInline: 0 }} onClick={() => grid.setChoice({})}>
        {t('resetColumns')}
      </Button>
    </div>
  );
}
