import type { ComponentType } from 'react';
import type { PickerProps } from '../shared/picker-props.js';
import { type EditorProps, referenceOf } from './renderer.js';

/** The editor of a field that holds one reference, made of the picker of what it refers to. */
export function referenceEditor(Picker: ComponentType<PickerProps>) {
  return function ReferenceEditor(props: EditorProps) {
    const { value, onChange, onDone, id, label, autoFocus, disabled, invalid, inCell } = props;
    return (
      <Picker
        id={id}
        label={label}
        value={referenceOf(value)}
        onChange={(next) => {
          onChange(next);
          onDone?.();
        }}
        autoFocus={autoFocus}
        disabled={disabled}
        invalid={invalid}
        open={inCell}
      />
    );
  };
}
