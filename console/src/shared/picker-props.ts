import type { Reference } from '@lianke/shared/records/query';

/** Props common to the pickers of members, departments and records. */
export interface PickerProps {
  value: Reference | null | undefined;
  onChange: (value: Reference | null) => void;
  id?: string | undefined;
  /** Name for assistive technology where no visible label is bound to the control. */
  label?: string | undefined;
  placeholder?: string | undefined;
  autoFocus?: boolean | undefined;
  disabled?: boolean | undefined;
  invalid?: boolean | undefined;
  /** Opens its list at once. */
  open?: boolean | undefined;
  allowClear?: boolean | undefined;
}
