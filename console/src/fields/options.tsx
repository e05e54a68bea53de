import type { OptionColor } from '@lianke/shared/fields/select/schema';
import type { FieldLike } from './renderer.js';

export interface Option {
  id: string;
  label: string;
  color: OptionColor;
  disabled?: boolean;
}

/** The options of a select or multi-select field, in their order. */
export function optionsOf(field: FieldLike): Option[] {
  const list = field.config.options;
  return Array.isArray(list) ? (list as Option[]) : [];
}

/** An option by its id; a removed option still shows its id, in grey. */
export function optionOf(field: FieldLike, id: string): Option {
  return optionsOf(field).find((option) => option.id === id) ?? { id, label: id, color: 'gray' };
}

/** An option as a soft tint; `titled` names it on hover where it may be cut off. */
export function OptionTag({ option, titled = true }: { option: Option; titled?: boolean }) {
  return (
    <span className={`tint tint-${option.color ?? 'gray'}`} {...(titled ? { title: option.label } : {})}>
      {option.label}
    </span>
  );
}
