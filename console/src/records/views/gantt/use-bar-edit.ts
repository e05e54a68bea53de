import type { RecordView } from '@lianke/shared/records/query';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { type DateFields, pulled, type Shift, shiftedValues, spanOf } from './gantt-dates.js';

/** What is written once nobody pressed an arrow for so long, in milliseconds. */
const settle = 700;
/** Pixels a pointer may tremble before it pulls. */
const tremble = 4;

export type Part = 'whole' | 'from' | 'to';

interface Draft extends Shift {
  record: RecordView;
}

interface Pull {
  x: number;
  part: Part;
  moved: boolean;
}

interface Options {
  fields: DateFields;
  dayWidth: number;
  mayMove: (record: RecordView, part: Part) => boolean;
  save: (record: RecordView, values: ReturnType<typeof shiftedValues>) => void;
}

/**
 * A bar that is being pulled or pushed by keys, and what it writes when it is let go: pointers at once, keys a moment after
 * the last one. Escape leaves it where it was. Fingers scroll; they change dates in the record itself.
 */
export function useBarEdit({ fields, dayWidth, mayMove, save }: Options) {
  const [draft, setDraft] = useState<Draft>();
  const latest = useRef<Draft>(undefined);
  const pull = useRef<Pull>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const saving = useRef(save);
  saving.current = save;

  function put(next: Draft | undefined) {
    latest.current = next;
    setDraft(next);
  }

  function commit() {
    clearTimeout(timer.current);
    const last = latest.current;
    put(undefined);
    if (last && (last.from !== 0 || last.to !== 0))
      saving.current(last.record, shiftedValues(fields, last.record.values, last));
  }

  function cancel() {
    clearTimeout(timer.current);
    pull.current = undefined;
    put(undefined);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const shiftOf = (record: RecordView) => {
    const now = latest.current;
    return now?.record.id === record.id ? now : { from: 0, to: 0 };
  };

  function push(record: RecordView, part: Part, days: number) {
    const span = spanOf(fields, record.values);
    if (!span || !mayMove(record, part)) return;
    if (latest.current && latest.current.record.id !== record.id) commit();
    const before = shiftOf(record);
    const more = pulled(part, days, { from: span.from + before.from, to: span.to + before.to });
    put({ record: latest.current?.record ?? record, from: before.from + more.from, to: before.to + more.to });
    clearTimeout(timer.current);
    timer.current = setTimeout(commit, settle);
  }

  return {
    /** How far the record's bar stands from where it is saved. */
    shiftOf: (record: RecordView): Shift => (draft?.record.id === record.id ? draft : { from: 0, to: 0 }),
    active: draft?.record.id,
    /** Handlers of one bar. */
    bar: (record: RecordView) => ({
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        const part = ((event.target as HTMLElement).dataset.part ?? 'whole') as Part;
        if (!mayMove(record, part)) return;
        commit();
        event.currentTarget.setPointerCapture(event.pointerId);
        pull.current = { x: event.clientX, part, moved: false };
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const now = pull.current;
        const span = now && spanOf(fields, record.values);
        if (!now || !span || event.buttons === 0) return;
        const far = event.clientX - now.x;
        if (!now.moved && Math.abs(far) < tremble) return;
        now.moved = true;
        put({ record, ...pulled(now.part, Math.round(far / dayWidth), span) });
      },
      onPointerUp: () => {
        if (pull.current?.moved) commit();
      },
      onPointerCancel: cancel,
      onBlur: () => {
        if (!pull.current) commit();
      },
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        const days = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
        if (event.key === 'Escape' && latest.current) {
          event.stopPropagation();
          cancel();
        } else if (days !== 0 && !event.altKey && !event.ctrlKey && !event.metaKey) {
          event.preventDefault();
          push(record, event.shiftKey ? 'to' : 'whole', days);
        }
      },
    }),
    /** Whether the click that follows belongs to a pull; asking forgets it. */
    wasPull: (): boolean => {
      const moved = pull.current?.moved ?? false;
      pull.current = undefined;
      return moved;
    },
  };
}
