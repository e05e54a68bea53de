import type { useText } from '../i18n.js';
import { type DesignSection, newElementUid, newUid, type Place } from '../model/design.js';
import type { Designer } from './use-designer.js';

/** What the palette offers for the page itself. */
export const layoutKinds = ['text', 'divider', 'section', 'tabs'] as const;
export type LayoutKind = (typeof layoutKinds)[number];

/** Puts words or a line at a place, a section or two tabs behind the section of that place. */
export function layoutActions(
  { design, act, select }: Pick<Designer, 'design' | 'act' | 'select'>,
  text: ReturnType<typeof useText>,
  speak: (words: string) => void,
): (kind: LayoutKind, at: Place) => void {
  const added = (kind: LayoutKind) => speak(text('added', { name: text(`layout_${kind}`) }));

  const addElement = (kind: 'text' | 'divider', at: Place) => {
    const columns = design.sections.find((section) => section.uid === at.section)?.columns ?? 1;
    const uid = newElementUid();
    act({ type: 'addElement', element: { uid, kind, content: '' }, at, span: columns });
    select({ kind: 'element', uid });
    added(kind);
  };

  const addSections = (kind: 'section' | 'tabs', at: Place) => {
    const from = design.sections.findIndex((section) => section.uid === at.section);
    const index = from < 0 ? design.sections.length : from + 1;
    const taken = new Set(design.sections.map((section) => section.tab));
    const fresh = (tab?: string): DesignSection => ({
      uid: newUid(),
      title: '',
      columns: 2,
      items: [],
      ...(tab ? { tab } : {}),
    });
    const sections: DesignSection[] = [];
    if (kind === 'section') sections.push(fresh());
    else
      for (let n = 1; sections.length < 2; n++) {
        const name = text('tabNumbered', { n });
        if (!taken.has(name)) sections.push(fresh(name));
      }
    const next = [...design.sections];
    next.splice(index, 0, ...sections);
    act({ type: 'replace', design: { ...design, sections: next } });
    select({ kind: 'section', uid: sections[0]?.uid ?? '' });
    added(kind);
  };

  return (kind, at) => (kind === 'section' || kind === 'tabs' ? addSections(kind, at) : addElement(kind, at));
}
