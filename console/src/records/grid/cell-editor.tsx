import type { Json } from '@lianke/shared/json';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ReadField } from '../../api/queries.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { isComposing } from '../../shared/is-composing.js';
import { faultOf } from '../values.js';

/** Where the active cell goes after an edit; `stay` leaves the focus to what was clicked. */
export type Leave = 'stay' | 'here' | 'down' | 'next' | 'previous';

interface Props {
  field: ReadField;
  value: Json | undefined;
  /** Typed over the cell: replaces the value. */
  typed: string | undefined;
  onCommit: (value: Json, leave: Leave) => void;
  onCancel: () => void;
}

const popups =
  '.ant-select-dropdown, .ant-picker-dropdown, .ant-tree-select-dropdown, .ant-popover, .ant-tooltip, .ant-drawer, .ant-modal-root';
/** Types whose one choice completes the edit. */
const chosen = [
  'select',
  'date',
  'time',
  'dateRange',
  'cascader',
  'rating',
  'member',
  'department',
  'relation',
  'switch',
];
/** Types in whose control Enter has a meaning of its own. */
const ownEnter = [...chosen, 'multiSelect', 'tags', 'datetime', 'members', 'departments'];
const typedInto = ['text', 'longText', 'email', 'url', 'number', 'money', 'idNumber', 'creditCode', 'barcode'];

/** Edits a value inside its cell: Enter, Tab or a click elsewhere keeps it, Escape leaves it as it was. */
export function CellEditor({ field, value, typed, onCommit, onCancel }: Props) {
  const [draft, setDraft] = useState<Json>(
    typed !== undefined && typedInto.includes(field.type) ? typed : (value ?? null),
  );
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(draft);
  latest.current = draft;
  const commit = useRef(onCommit);
  commit.current = onCommit;

  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      const target = event.target as Element | null;
      if (!target || box.current?.contains(target) || target.closest(popups)) return;
      commit.current(latest.current, 'stay');
    };
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => document.removeEventListener('pointerdown', onPointerDown, true);
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === 'Escape') onCancel();
    // A line break: Shift+Enter as in chats, Alt+Enter as in spreadsheets.
    else if (event.key === 'Enter' && field.type === 'longText' && (event.shiftKey || event.altKey)) {
      breakLine(event.target);
    } else if (event.key === 'Tab') onCommit(latest.current, event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'Enter' && !ownEnter.includes(field.type)) onCommit(latest.current, 'down');
    else {
      // The grid's own keys must not move the cell while its text is edited.
      event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  function breakLine(target: EventTarget) {
    if (!(target instanceof HTMLTextAreaElement)) return;
    target.setRangeText('\n', target.selectionStart, target.selectionEnd, 'end');
    target.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens for keys that bubble from the control inside
    <div ref={box} onKeyDown={onKeyDown}>
      <FieldEditor
        field={field}
        value={draft}
        label={field.name}
        autoFocus
        inCell
        invalid={faultOf(field, draft) !== undefined}
        onChange={(next) => {
          setDraft(next);
          latest.current = next;
        }}
        onDone={() => {
          if (chosen.includes(field.type) || field.type === 'datetime') onCommit(latest.current, 'here');
        }}
      />
    </div>
  );
}
