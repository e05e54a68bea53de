import { type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './grid.module.css';
import type { Block } from './use-cells.js';

interface Props {
  /** The chosen cells. */
  block: Block;
  /** Where they stand in the table's body. */
  place: { left: number; width: number };
  rowHeight: number;
  /** How many rows there are. */
  rows: number;
  onFill: (to: Block, source: Block) => void;
}

const edge = 24;

/** The corner of the chosen cells: pulled down it repeats them in the rows under them. Escape lets go. */
export function FillHandle({ block, place, rowHeight, rows, onFill }: Props) {
  const { t } = useTranslation('records');
  const [to, setTo] = useState<number>();
  const end = to ?? block.bottom;

  function onMove(event: PointerEvent<HTMLSpanElement>) {
    if (to === undefined) return;
    const body = event.currentTarget.parentElement;
    const viewport = body?.parentElement;
    if (!body || !viewport) return;
    // Near the lower edge the table goes on by itself.
    if (event.clientY > viewport.getBoundingClientRect().bottom - edge) viewport.scrollTop += rowHeight;
    const row = Math.floor((event.clientY - body.getBoundingClientRect().top) / rowHeight);
    setTo(Math.max(block.bottom, Math.min(rows - 1, row)));
  }

  function onUp() {
    setTo(undefined);
    if (to !== undefined && to > block.bottom) onFill({ ...block, bottom: to }, block);
  }

  return (
    <>
      {end > block.bottom && (
        <div
          className={styles.fillArea}
          style={{
            top: (block.bottom + 1) * rowHeight,
            height: (end - block.bottom) * rowHeight,
            left: place.left,
            width: place.width,
          }}
        />
      )}
      <span
        className={styles.fillHandle}
        title={t('fillHandle')}
        style={{ top: (block.bottom + 1) * rowHeight, left: place.left + place.width }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          setTo(block.bottom);
        }}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => setTo(undefined)}
        onLostPointerCapture={() => setTo(undefined)}
      />
    </>
  );
}
