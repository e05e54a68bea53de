import { useDraggable } from '@dnd-kit/core';
import { type FieldTypeName, fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import { currentLanguage } from '../../i18n/index.js';
import { useText } from '../i18n.js';
import { useTypeLabel } from '../use-type-label.js';
import styles from './designer.module.css';
import { FieldGroups } from './field-groups.js';
import type { LayoutKind } from './layout-actions.js';
import { LayoutPalette } from './layout-palette.js';
import { RemovedFields } from './removed-fields.js';
import { SystemFields } from './system-fields.js';
import { TypeIcon } from './type-icon.js';

const groups = ['basic', 'advanced', 'relation'] as const;
const groupNames = { basic: 'groupBasic', advanced: 'groupAdvanced', relation: 'groupRelation' } as const;

/** Every field type that people add, by group: dragged onto the canvas, or added by click and by Enter. */
export function Palette({
  onAdd,
  onLayout,
}: {
  onAdd: (type: FieldTypeName) => void;
  onLayout: (kind: LayoutKind) => void;
}) {
  const text = useText();
  return (
    <aside className={styles.palette} aria-label={text('palette')}>
      <div className={styles.paletteHint}>{text('paletteHint')}</div>
      {groups.map((group) => (
        <section key={group} aria-label={text(groupNames[group])}>
          <h3 className={styles.paletteTitle}>{text(groupNames[group])}</h3>
          <div
            className={styles.paletteItems}
            // English names are too long for two columns.
            style={currentLanguage() === 'en' ? { gridTemplateColumns: '1fr' } : {}}
          >
            {fieldTypeNames
              .filter((type) => fieldTypes[type].group === group)
              .map((type) => (
                <PaletteItem key={type} type={type} onAdd={onAdd} />
              ))}
          </div>
        </section>
      ))}
      <LayoutPalette onAdd={onLayout} />
      <FieldGroups />
      <SystemFields />
      <RemovedFields />
    </aside>
  );
}

function PaletteItem({ type, onAdd }: { type: FieldTypeName; onAdd: (type: FieldTypeName) => void }) {
  const label = useTypeLabel();
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `type:${type}`, data: { kind: 'type', type } });
  return (
    <button
      type="button"
      ref={setNodeRef}
      className={isDragging ? `${styles.paletteItem} ${styles.paletteItemDragging}` : styles.paletteItem}
      // Two columns hold five characters; a longer name takes both.
      style={currentLanguage() === 'zh' && label(type).length > 5 ? { gridColumn: 'span 2' } : {}}
      title={label(type)}
      onClick={() => onAdd(type)}
      {...listeners}
    >
      <TypeIcon type={type} />
      <span className="ellipsis">{label(type)}</span>
    </button>
  );
}

/** What hangs at the pointer while a type or a field is dragged. */
export function DragGhost({ type, name }: { type: FieldTypeName; name: string }) {
  return (
    <div className={styles.ghost}>
      <TypeIcon type={type} />
      <span className="ellipsis">{name}</span>
    </div>
  );
}
