import { AlignLeftOutlined, AppstoreOutlined, BorderBottomOutlined, LineOutlined } from '@ant-design/icons';
import { useDraggable } from '@dnd-kit/core';
import type { ReactNode } from 'react';
import { currentLanguage } from '../../i18n/index.js';
import { useText } from '../i18n.js';
import styles from './designer.module.css';
import { type LayoutKind, layoutKinds } from './layout-actions.js';

const icons: Readonly<Record<LayoutKind, ReactNode>> = {
  text: <AlignLeftOutlined />,
  divider: <LineOutlined />,
  section: <AppstoreOutlined />,
  tabs: <BorderBottomOutlined />,
};

/** 布局: words, lines, sections and tabs, dragged onto the canvas or added by click and by Enter. */
export function LayoutPalette({ onAdd }: { onAdd: (kind: LayoutKind) => void }) {
  const text = useText();
  return (
    <section aria-label={text('groupLayout')}>
      <h3 className={styles.paletteTitle}>{text('groupLayout')}</h3>
      <div className={styles.paletteItems} style={currentLanguage() === 'en' ? { gridTemplateColumns: '1fr' } : {}}>
        {layoutKinds.map((kind) => (
          <LayoutItem key={kind} kind={kind} onAdd={onAdd} />
        ))}
      </div>
    </section>
  );
}

function LayoutItem({ kind, onAdd }: { kind: LayoutKind; onAdd: (kind: LayoutKind) => void }) {
  const text = useText();
  const { setNodeRef, listeners, isDragging } = useDraggable({
    id: `layout:${kind}`,
    data: { kind: 'layout', what: kind },
  });
  return (
    <button
      type="button"
      ref={setNodeRef}
      className={isDragging ? `${styles.paletteItem} ${styles.paletteItemDragging}` : styles.paletteItem}
      title={text(`layout_${kind}`)}
      onClick={() => onAdd(kind)}
      {...listeners}
    >
      {icons[kind]}
      <span className="ellipsis">{text(`layout_${kind}`)}</span>
    </button>
  );
}

/** What hangs at the pointer while it is dragged. */
export function LayoutGhost({ kind }: { kind: LayoutKind }) {
  const text = useText();
  return (
    <div className={styles.ghost}>
      {icons[kind]}
      <span className="ellipsis">{text(`layout_${kind}`)}</span>
    </div>
  );
}
