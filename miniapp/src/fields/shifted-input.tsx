import { shiftPoint } from '@lianke/shared/fields/number/numeral';
import { useState } from 'react';
import type { Json } from '../data/record-types.js';
import { LineInput } from './line-input.js';

interface Props {
  value: Json | undefined;
  /** How far right of the stored point the typed one stands: 2 for per cent, -4 for 万元. */
  places: number;
  unit: string;
  onChange(value: string | null): void;
}

/** A numeral typed in another unit than it is stored in. What is no numeral stays as typed, so that its fault can be said. */
export function ShiftedInput({ value, places, unit, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const stored = (text: string) => (text.trim() === '' ? null : shiftPoint(text.trim(), -places));
  const now = typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  // While it means the same, what was typed stands: 「12.」 is on its way to 「12.5」 and must keep its point.
  const shown = stored(typed) === now ? typed : now === null ? '' : shiftPoint(now, places);
  return (
    <LineInput
      value={shown}
      keyboard="digit"
      unit={unit}
      onChange={(text) => {
        setTyped(text);
        onChange(stored(text));
      }}
    />
  );
}
