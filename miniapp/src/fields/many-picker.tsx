import { useState } from 'react';
import { isRef, type Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { type Choice, OptionSheet } from './option-sheet.js';
import { PickLine } from './pick-line.js';

/** The references of a list value. */
export function refsOf(value: Json | undefined): { id: string; label: string }[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isRef) : [];
}

interface Props {
  title: string;
  value: Json | undefined;
  placeholder: string;
  choices: readonly Choice[];
  /** The sheet opens: now the choices are needed. */
  onOpen(): void;
  onChange(value: Json): void;
}

/** Picks several of a list; those chosen before stay although they are no longer offered. */
export function ManyPicker({ title, value, placeholder, choices, onOpen, onChange }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = refsOf(value);
  const gone = chosen.filter((item) => !choices.some((choice) => choice.id === item.id));
  const all = [...gone, ...choices];
  return (
    <>
      <PickLine
        text={chosen.map((item) => item.label).join(t('common.comma'))}
        placeholder={placeholder}
        onTap={() => {
          onOpen();
          setOpen(true);
        }}
        onClear={() => onChange([])}
      />
      {open ? (
        <OptionSheet
          title={title}
          choices={all}
          chosen={chosen.map((item) => item.id)}
          many
          onDone={(ids) => {
            setOpen(false);
            onChange(ids.map((id) => ({ id, label: all.find((choice) => choice.id === id)?.label ?? id })));
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
