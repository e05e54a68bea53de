import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { WayEdge } from './picture-types.js';

/** A line between steps, with the way's name, a ＋ that puts a step here, and a × that cuts it. */
export const WayLine = memo(function WayLine({ id, data }: EdgeProps<WayEdge>) {
  const { t } = useTranslation('flows');
  if (!data) return null;
  const { path, label, way, labelAt, slot, tail, active, faded, editable, after, onAdd, onCut } = data;
  const at = (point: { x: number; y: number }) => `translate(-50%, -50%) translate(${point.x}px, ${point.y}px)`;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={0}
        className={`way-line${tail ? ' tail' : ''}${active ? ' active' : ''}${faded ? ' faded' : ''}`}
      />
      <EdgeLabelRenderer>
        {label && (
          <span className="way-label" style={{ transform: at(labelAt) }}>
            {label}
          </span>
        )}
        {editable && !tail && (
          <span className={active ? 'way-tools active' : 'way-tools'} style={{ transform: at(way) }}>
            <button
              type="button"
              className="way-plus nodrag nopan"
              aria-label={t('design.addAfter', { name: after })}
              title={t('design.addHere')}
              onClick={(event) => onAdd(slot, event.currentTarget)}
            >
              <PlusOutlined />
            </button>
            <button
              type="button"
              className="way-cut nodrag nopan"
              aria-label={t('design.cutEdge')}
              title={t('design.cutEdge')}
              onClick={() => onCut(slot)}
            >
              <CloseOutlined />
            </button>
          </span>
        )}
      </EdgeLabelRenderer>
    </>
  );
});
