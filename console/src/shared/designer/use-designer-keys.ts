import { useEffect } from 'react';

/** Keys of the whole page: Ctrl+Z, Ctrl+Y and Ctrl+Shift+Z outside of what is typed into, Escape, and no dialog for Ctrl+S. */
export function useDesignerKeys({
  undo,
  redo,
  onEscape,
}: {
  undo: () => void;
  redo: () => void;
  onEscape: () => void;
}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, [contenteditable]');
      if (event.key === 'Escape' && !typing) onEscape();
      if (!(event.ctrlKey || event.metaKey)) return;
      const key = event.key.toLowerCase();
      // Everything is saved by itself; the browser's own dialog would only puzzle.
      if (key === 's') event.preventDefault();
      if (typing || (key !== 'z' && key !== 'y')) return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) redo();
      else undo();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [undo, redo, onEscape]);
}
