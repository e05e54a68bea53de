import { Textarea } from '@tarojs/components';

interface Props {
  value: string;
  placeholder: string;
  /** Characters. */
  longest?: number;
  className?: string;
  onChange(text: string): void;
}

/** A box for some lines of text, as high as they are, which the keyboard does not cover. */
export function Area({ value, placeholder, longest = 1000, className = 'area', onChange }: Props) {
  return (
    <Textarea
      className={className}
      value={value}
      placeholder={placeholder}
      placeholderClass="placeholder"
      maxlength={longest}
      autoHeight
      cursorSpacing={120}
      onInput={(event) => onChange(event.detail.value)}
    />
  );
}
