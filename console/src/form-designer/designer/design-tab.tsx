import { PlusOutlined } from '@ant-design/icons';
import { DndContext, DragOverlay } from '@dnd-kit/core';
import { layoutBlocks } from '@lianke/shared/forms/layout';
import { Button, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../i18n.js';
import { type DesignSection, fieldsInOrder, newUid } from '../model/design.js';
import { innerOf } from '../model/subform.js';
import { Properties } from '../properties/properties.js';
import { useTypeLabel } from '../use-type-label.js';
import { CanvasSection } from './canvas-section.js';
import styles from './designer.module.css';
import { EmptyCanvas } from './empty-canvas.js';
import { FindField } from './find-field.js';
import { LayoutGhost } from './layout-palette.js';
import { DragGhost, Palette } from './palette.js';
import { useDesigner } from './use-designer.js';
import { useDrag } from './use-drag.js';
import { useFieldActions } from './use-field-actions.js';
import { useReveal } from './use-reveal.js';

/** In a narrow window one pane is seen at a time. */
const panes = ['palette', 'canvas', 'panel'] as const;
type Pane = (typeof panes)[number];
const paneNames = { palette: 'palette', canvas: 'canvas', panel: 'properties' } as const;

/** True while a dialog or drawer is open: its keys are its own. */
function dialogOpen(): boolean {
  return document.querySelector('.ant-modal-wrap:not([style*="display: none"]), .ant-drawer-open') !== null;
}

/** 表单设计: palette, canvas and properties side by side. */
export function DesignTab() {
  const text = useText();
  const label = useTypeLabel();
  const designer = useDesigner();
  const { design, select, act, undo, redo } = designer;
  const fields = useFieldActions(designer);
  const canvas = useRef<HTMLDivElement>(null);
  const [pane, setPane] = useState<Pane>('canvas');
  const drag = useDrag(
    canvas,
    (what, at) => {
      if (at.inside) fields.putInside(what, at.inside);
      else if (what.kind === 'type') fields.add(what.type, at);
      else if (what.kind === 'layout') fields.addLayout(what.what, at);
      else if (what.kind === 'field') fields.move(what.uid, at);
    },
    fields.fitsInside,
  );

  useKeys(undo, redo);
  useReveal(canvas, designer.selection);

  const one = (section: DesignSection) => (
    <CanvasSection
      key={section.uid}
      section={section}
      index={design.sections.indexOf(section)}
      landing={drag.landing}
      onFieldKey={fields.onFieldKey}
      onDuplicate={fields.duplicate}
      onRemove={fields.remove}
    />
  );
  const empty = fieldsInOrder(design).length === 0 && Object.keys(design.elements ?? {}).length === 0;
  const dragged = drag.dragged;
  const draggedField = dragged?.kind === 'field' ? design.fields[dragged.uid] : undefined;
  const draggedElement = dragged?.kind === 'field' ? design.elements?.[dragged.uid] : undefined;
  const holder = dragged?.kind === 'inner' ? design.fields[dragged.parent] : undefined;
  const draggedInner = holder && innerOf(holder).find((item) => dragged?.kind === 'inner' && item.uid === dragged.uid);
  return (
    <DndContext {...drag.handlers} collisionDetection={() => []}>
      <div className={styles.panes}>
        <Segmented<Pane>
          block
          value={pane}
          onChange={setPane}
          options={panes.map((value) => ({ value, label: text(paneNames[value]) }))}
        />
      </div>
      <div className={styles.body} data-pane={pane}>
        <Palette
          onAdd={(type) => {
            fields.add(type);
            setPane('canvas');
          }}
          onLayout={(kind) => {
            fields.addLayout(kind);
            setPane('canvas');
          }}
        />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the fields only shows the form's settings, which the properties' own button does for the keyboard */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
        <div className={styles.canvas} ref={canvas} onClick={() => select({ kind: 'form' })}>
          <section className={styles.paper} aria-label={text('canvas')}>
            <FindField />
            {design.settings.notice && <div className={styles.notice}>{design.settings.notice}</div>}
            {empty && !dragged && <EmptyCanvas />}
            {layoutBlocks(design.sections).map((block) =>
              'section' in block ? (
                one(block.section)
              ) : (
                <div key={`tabs-${block.tabs[0]?.sections[0]?.uid}`} className={styles.tabStrip}>
                  {block.tabs.map((tab) => (
                    <div key={tab.title} className={styles.tab}>
                      <div className={styles.tabHead}>{tab.title}</div>
                      {tab.sections.map(one)}
                    </div>
                  ))}
                </div>
              ),
            )}
            <Button
              type="dashed"
              icon={<PlusOutlined />}
              className={styles.addSection}
              onClick={(event) => {
                event.stopPropagation();
                const section = { uid: newUid(), title: '', columns: 2, items: [] };
                act({ type: 'addSection', section, index: design.sections.length });
                select({ kind: 'section', uid: section.uid });
              }}
            >
              {text('addSection')}
            </Button>
          </section>
        </div>
        <Properties />
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged?.kind === 'layout' && <LayoutGhost kind={dragged.what} />}
        {draggedElement && <LayoutGhost kind={draggedElement.kind} />}
        {dragged?.kind === 'type' && <DragGhost type={dragged.type} name={label(dragged.type)} />}
        {draggedInner && <DragGhost type={draggedInner.type} name={draggedInner.name} />}
        {draggedField && <DragGhost type={draggedField.type} name={draggedField.name} />}
      </DragOverlay>
      <div className="visually-hidden" role="status" aria-live="polite">
        {fields.spoken}
      </div>
    </DndContext>
  );
}

function useKeys(undo: () => void, redo: () => void) {
  const [mac] = useState(() => /Mac/.test(navigator.platform));
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (dialogOpen() || event.isComposing) return;
      if (!(mac ? event.metaKey : event.ctrlKey)) return;
      const key = event.key.toLowerCase();
      if (key === 's') event.preventDefault();
      else if (key === 'y' || (key === 'z' && event.shiftKey)) {
        event.preventDefault();
        redo();
      } else if (key === 'z') {
        event.preventDefault();
        undo();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [mac, undo, redo]);
}
