import { useDraggable } from '@dnd-kit/core';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { useTranslation } from 'react-i18next';
import { nodeTypes } from '../model/new-node.js';
import { StepIcon } from './step-kinds.js';

/** The steps that can be dragged onto the canvas; a click adds one after the selected step. */
export function StepPalette({ onPick }: { onPick: (type: FlowNodeType) => void }) {
  const { t } = useTranslation('flows');
  return (
    <section className="designer-palette" aria-label={t('design.palette')}>
      <div className="palette-title">{t('design.palette')}</div>
      <ul className="palette-items">
        {nodeTypes.map((type) => (
          <li key={type}>
            <PaletteItem type={type} onPick={onPick} />
          </li>
        ))}
      </ul>
      <div className="designer-hint" style={{ padding: '8px 4px' }}>
        {t('design.paletteHint')}
      </div>
    </section>
  );
}

function PaletteItem({ type, onPick }: { type: FlowNodeType; onPick: (type: FlowNodeType) => void }) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: `palette:${type}`, data: { type } });
  return (
    <button
      type="button"
      ref={setNodeRef}
      className="palette-item"
      style={isDragging ? { opacity: 0.5 } : undefined}
      onClick={() => onPick(type)}
      {...listeners}
    >
      <PaletteFace type={type} />
    </button>
  );
}

/** What a palette entry looks like, at rest and in the hand. */
export function PaletteFace({ type }: { type: FlowNodeType }) {
  const { t } = useTranslation('flows');
  return (
    <>
      <StepIcon kind={type} />
      <span>
        {t(`node.${type}`)}
        <span className="palette-item-hint">{t(`nodeHint.${type}`)}</span>
      </span>
    </>
  );
}
