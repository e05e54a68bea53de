import { ExclamationCircleFilled } from '@ant-design/icons';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { Tooltip } from 'antd';
import { memo, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { semicolon } from '../../i18n/punctuation.js';
import type { StepNode, StepState, TailNode } from './picture-types.js';
import { StepIcon } from './step-kinds.js';

const stateTint: Record<StepState, string> = {
  running: 'blue',
  waiting: 'gold',
  calling: 'blue',
  done: 'green',
  failed: 'red',
  skipped: 'gray',
};

/** A step (or the trigger) on the canvas: its name, its sentence, and what is wrong with it or how it went. */
export const StepCard = memo(function StepCard({ id, data }: NodeProps<StepNode>) {
  const { t } = useTranslation('flows');
  const textId = useId();
  const { card, faults, selected, state, count, ports, editable, onSelect, onKey } = data;
  const classes = ['step-card'];
  if (selected) classes.push('selected');
  if (faults.length > 0 || state === 'failed') classes.push('faulty');
  if (state === 'skipped') classes.push('faded');
  return (
    <>
      {card.kind !== 'trigger' && (
        <Handle type="target" id="in" position={Position.Top} isConnectable={editable} className="step-in" />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a button may not hold the block elements of a card */}
      <div
        role="button"
        tabIndex={0}
        aria-pressed={selected}
        aria-label={card.name}
        aria-describedby={textId}
        aria-invalid={faults.length > 0}
        data-step={id}
        className={classes.join(' ')}
        style={{ height: card.height }}
        onClick={() => onSelect(id)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            onSelect(id);
          } else onKey?.(id, event);
        }}
      >
        <div className="step-head">
          <StepIcon kind={card.kind} />
          <span className="step-name ellipsis">{card.name}</span>
          {faults.length > 0 && (
            <Tooltip title={faults.join(semicolon())}>
              <ExclamationCircleFilled className="step-fault" />
            </Tooltip>
          )}
          {count && (
            <Tooltip
              title={t(count.failed > 0 ? 'more.standFailed' : 'more.stand', { n: count.count, failed: count.failed })}
            >
              <span className={count.failed > 0 ? 'step-count failed' : 'step-count'}>{count.count}</span>
            </Tooltip>
          )}
          {state && <span className={`tint tint-${stateTint[state]}`}>{t(`run.step.${state}`)}</span>}
        </div>
        <div className="step-text" id={textId} title={card.sentence}>
          {card.sentence}
        </div>
      </div>
      {ports.map((port) => (
        <Handle
          key={port.id}
          type="source"
          id={port.id}
          position={Position.Bottom}
          isConnectable={editable}
          className={editable ? 'step-out' : 'step-out quiet'}
          {...(editable ? { role: 'img', 'aria-label': t('design.pullOut', { name: card.name }) } : {})}
          style={{ left: `${port.place * 100}%` }}
        />
      ))}
    </>
  );
});

/** An open end: where the next step goes. */
export const TailCard = memo(function TailCard({ data }: NodeProps<TailNode>) {
  const { t } = useTranslation('flows');
  const end = <Handle type="target" id="in" position={Position.Top} isConnectable={false} className="tail-in" />;
  if (!data.editable) {
    return (
      <>
        {end}
        <div className="tail-end" aria-hidden />
      </>
    );
  }
  return (
    <>
      {end}
      <button
        type="button"
        className={data.active ? 'tail-card active' : 'tail-card'}
        aria-label={t('design.addAfter', { name: data.after })}
        onClick={(event) => data.onAdd(data.slot, event.currentTarget)}
      >
        {data.active ? t('design.connectHere') : `＋ ${t('design.addStep')}`}
      </button>
    </>
  );
});
