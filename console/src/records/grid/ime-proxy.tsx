import { forwardRef, useState } from 'react';
import styles from './grid.module.css';

interface Props {
  label: string;
  /** Of the chosen cell in the scrolled area, in pixels. */
  place: { top: number; left: number; width: number; height: number } | undefined;
  activeId: string | undefined;
  /** What was composed over the chosen cell: it begins an edit. */
  onText: (text: string) => void;
}

/**
 * Holds the table's focus: input methods need something they can type into. Pinyin is composed over the chosen cell,
 * where its candidates stand in the right place, and begins an edit once it is done; until then no key reaches the table.
 */
export const ImeProxy = forwardRef<HTMLTextAreaElement, Props>(function ImeProxy(
  { label, place, activeId, onText },
  ref,
) {
  const [composing, setComposing] = useState(false);
  const take = (element: HTMLTextAreaElement) => {
    const text = element.value;
    element.value = '';
    if (text !== '') onText(text);
  };
  return (
    <textarea
      data-proxy
      ref={ref}
      aria-label={label}
      aria-activedescendant={activeId}
      tabIndex={-1}
      rows={1}
      autoComplete="off"
      spellCheck={false}
      className={composing ? `${styles.proxy} ${styles.composing}` : styles.proxy}
      style={place ?? { top: 0, left: 0, width: 1, height: 1 }}
      onCompositionStart={() => setComposing(true)}
      onCompositionEnd={(event) => {
        setComposing(false);
        take(event.currentTarget);
      }}
      onInput={(event) => {
        if (!(event.nativeEvent as InputEvent).isComposing) take(event.currentTarget);
      }}
    />
  );
});
