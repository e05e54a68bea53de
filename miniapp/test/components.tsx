import { type CSSProperties, createElement, type ReactNode } from 'react';

interface Typed {
  value?: string;
  placeholder?: string;
  onInput?(event: { detail: { value: string } }): void;
}

/** A box of the host's: typing tells the text in `detail`, as Taro's components do. */
function box(tag: 'input' | 'textarea') {
  return ({ value, placeholder, onInput }: Typed) =>
    createElement(tag, {
      value: value ?? '',
      placeholder,
      onChange: (event: { target: { value: string } }) => onInput?.({ detail: { value: event.target.value } }),
    });
}

interface Plain {
  id?: string;
  style?: CSSProperties;
  className?: string;
  children?: ReactNode;
  'aria-label'?: string;
  onClick?(event: unknown): void;
}

function plain({ id, style, className, children, onClick, 'aria-label': label }: Plain) {
  return createElement('div', { id, style, className, onClick, 'aria-label': label }, children);
}

interface Picked {
  children?: ReactNode;
  onChange?(event: { detail: { value: string } }): void;
}

/** A picker of the host's: what is typed into its box is what was picked. */
function picker({ children, onChange }: Picked) {
  const pick = (event: { target: { value: string } }) => onChange?.({ detail: { value: event.target.value } });
  return createElement(
    'div',
    {},
    children,
    createElement('input', { className: 'test-picker', value: '', onChange: pick }),
  );
}

/** Taro's components by name: those that are typed in as boxes, the others as plain elements. */
const boxes: Record<string, unknown> = { Input: box('input'), Textarea: box('textarea'), Picker: picker };
export const components = new Proxy(boxes, {
  // Components begin with a capital; `then` must stay absent, or the module would be taken for a promise.
  get: (_, name) => boxes[String(name)] ?? (/^[A-Z]/.test(String(name)) ? plain : undefined),
  has: () => true,
});
