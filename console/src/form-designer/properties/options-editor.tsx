import { DeleteOutlined, HolderOutlined } from '@ant-design/icons';
import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { type OptionColor, optionColors, type SelectOption } from '@lianke/shared/fields/select/schema';
import { Button, Input, type InputRef, Modal, Popover } from 'antd';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { isComposing } from '../../shared/is-composing.js';
import { useText } from '../i18n.js';
import { addOptions, faultyOptions, labelsOf } from '../model/options.js';
import { PropGroup } from './prop.js';
import styles from './properties.module.css';

interface Props {
  value: readonly SelectOption[];
  /** `merge` names a run of typing that undoes as one. */
  onChange: (options: SelectOption[], merge?: string) => void;
}

/** The options of a choice field: name, colour, order; many lines may be pasted at once. */
export function OptionsEditor({ value, onChange }: Props) {
  const text = useText();
  const [bulk, setBulk] = useState<string | null>(null);
  const rows = useRef(new Map<string, InputRef>());
  const [focus, setFocus] = useState<string | null>(null);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 3 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const faulty = new Set(faultyOptions(value));

  useEffect(() => {
    if (!focus) return;
    rows.current.get(focus)?.focus();
    setFocus(null);
  }, [focus]);

  const set = (id: string, patch: Partial<SelectOption>, merge?: string) =>
    onChange(
      value.map((option) => (option.id === id ? { ...option, ...patch } : option)),
      merge,
    );

  const onDragEnd = ({ active, over }: DragEndEvent) => {
    const from = value.findIndex((option) => option.id === active.id);
    const to = value.findIndex((option) => option.id === over?.id);
    if (from >= 0 && to >= 0 && from !== to) onChange(arrayMove([...value], from, to));
  };

  const onPaste = (event: ClipboardEvent<HTMLInputElement>, index: number) => {
    const labels = labelsOf(event.clipboardData.getData('text'));
    if (labels.length < 2) return;
    event.preventDefault();
    const here = value[index];
    const kept = here && here.label.trim() === '' ? value.filter((option) => option.id !== here.id) : value;
    onChange(addOptions(kept, labels, Math.min(index + (kept === value ? 1 : 0), kept.length)));
  };

  const applyBulk = () => {
    const labels = labelsOf(bulk ?? '');
    const byLabel = new Map(value.map((option) => [option.label, option]));
    const kept = value.filter((option) => labels.includes(option.label));
    const all = addOptions(kept, labels);
    const order = new Map(all.map((option) => [option.label, byLabel.get(option.label) ?? option]));
    onChange(labels.flatMap((label) => order.get(label) ?? []));
    setBulk(null);
  };

  return (
    <PropGroup
      label={text('options')}
      extra={
        <Button type="link" size="small" onClick={() => setBulk(value.map((option) => option.label).join('\n'))}>
          {text('optionBulk')}
        </Button>
      }
    >
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={onDragEnd}>
        <SortableContext items={value.map((option) => option.id)} strategy={verticalListSortingStrategy}>
          <ul className={styles.options}>
            {value.map((option, index) => (
              <OptionRow
                key={option.id}
                option={option}
                index={index}
                faulty={faulty.has(index)}
                inputRef={(input) => {
                  if (input) rows.current.set(option.id, input);
                  else rows.current.delete(option.id);
                }}
                onLabel={(label) => set(option.id, { label }, `option:${option.id}`)}
                onColor={(color) => set(option.id, { color })}
                onRemove={() => onChange(value.filter((item) => item.id !== option.id))}
                onPaste={(event) => onPaste(event, index)}
                onKeyDown={(event) => {
                  const move =
                    event.key === 'Enter' || event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
                  if (move === 0 || isComposing(event.nativeEvent)) return;
                  event.preventDefault();
                  setFocus(value[index + move]?.id ?? 'new');
                }}
              />
            ))}
          </ul>
        </SortableContext>
      </DndContext>
      <NewOption
        inputRef={(input) => {
          if (input) rows.current.set('new', input);
        }}
        onAdd={(labels) => onChange(addOptions(value, labels))}
      />
      <Modal
        open={bulk !== null}
        title={text('optionBulk')}
        onOk={applyBulk}
        onCancel={() => setBulk(null)}
        width={420}
        destroyOnHidden
      >
        <p className="muted">{text('optionBulkHint')}</p>
        <Input.TextArea
          aria-label={text('options')}
          autoFocus
          autoSize={{ minRows: 8, maxRows: 16 }}
          value={bulk ?? ''}
          onChange={(event) => setBulk(event.target.value)}
          style={{ marginTop: 8 }}
        />
      </Modal>
    </PropGroup>
  );
}

function NewOption({
  onAdd,
  inputRef,
}: {
  onAdd: (labels: string[]) => void;
  inputRef: (input: InputRef | null) => void;
}) {
  const text = useText();
  const [label, setLabel] = useState('');
  const add = (source: string) => {
    const labels = labelsOf(source);
    if (labels.length > 0) onAdd(labels);
    setLabel('');
  };
  return (
    <Input
      ref={inputRef}
      size="small"
      aria-label={text('optionAdd')}
      placeholder={text('optionAdd')}
      title={text('optionPasteHint')}
      maxLength={60}
      value={label}
      onChange={(event) => setLabel(event.target.value)}
      onPressEnter={(event) => {
        if (!isComposing(event.nativeEvent)) add(label);
      }}
      onBlur={() => add(label)}
      onPaste={(event) => {
        const source = event.clipboardData.getData('text');
        if (labelsOf(source).length < 2) return;
        event.preventDefault();
        add(source);
      }}
    />
  );
}

interface RowProps {
  option: SelectOption;
  index: number;
  faulty: boolean;
  inputRef: (input: InputRef | null) => void;
  onLabel: (label: string) => void;
  onColor: (color: OptionColor) => void;
  onRemove: () => void;
  onPaste: (event: ClipboardEvent<HTMLInputElement>) => void;
  onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
}

function OptionRow({ option, index, faulty, inputRef, onLabel, onColor, onRemove, onPaste, onKeyDown }: RowProps) {
  const text = useText();
  const { setNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id: option.id });
  const name = option.label;
  return (
    <li
      ref={setNodeRef}
      className={isDragging ? `${styles.option} ${styles.optionDragging}` : styles.option}
      style={{ transform: CSS.Transform.toString(transform), ...(transition ? { transition } : {}) }}
    >
      <button
        type="button"
        className={styles.optionHandle}
        {...attributes}
        {...listeners}
        aria-label={text('optionDrag', { name })}
      >
        <HolderOutlined />
      </button>
      <Popover
        trigger="click"
        placement="bottomLeft"
        content={
          <div className={styles.swatches}>
            {optionColors.map((color) => (
              <button
                type="button"
                key={color}
                aria-label={color}
                aria-pressed={color === option.color}
                className={color === option.color ? `${styles.swatchBig} ${styles.swatchOn}` : styles.swatchBig}
                style={{ background: `var(--tint-${color})` }}
                onClick={() => onColor(color)}
              />
            ))}
          </div>
        }
      >
        <button
          type="button"
          className={styles.swatch}
          style={{
            background: `var(--tint-${option.color})`,
            borderColor: `var(--tint-${option.color}-text)`,
            justifySelf: 'center',
          }}
          aria-label={text('optionColor', { name })}
        />
      </Popover>
      <Input
        ref={inputRef}
        size="small"
        aria-label={text('optionN', { n: index + 1 })}
        maxLength={60}
        value={name}
        status={faulty ? 'error' : ''}
        title={faulty ? text(name.trim() === '' ? 'optionEmpty' : 'optionTwice') : ''}
        onChange={(event) => onLabel(event.target.value)}
        onPaste={onPaste}
        onKeyDown={onKeyDown}
      />
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        aria-label={text('optionRemove', { name })}
        onClick={onRemove}
      />
    </li>
  );
}
