import { type FieldTypeName } from '@lianke/shared/fields/registry';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useText } from '../i18n.js';
import { type DesignAction, steppedPlace } from '../model/actions.js';
import { type DesignField, lastPlace, newField, newUid, type Place, placeOf, spanOf } from '../model/design.js';
import { newInner, rowTypes } from '../model/subform.js';
import { useTypeLabel } from '../use-type-label.js';
import { type LayoutKind, layoutActions } from './layout-actions.js';
import { type Designer, selectionOf } from './use-designer.js';
import type { Dragged } from './use-drag.js';
import { configAfter } from './use-inner-designer.js';
import { useRemovalMessage, valuesOf } from './use-removal-message.js';

/** Adding, moving, copying and removing fields, by hand or by key; `spoken` is told to screen readers. */
export function useFieldActions(designer: Designer) {
  const { design, selection, select, act, undo, form, setFresh } = designer;
  const text = useText();
  const label = useTypeLabel();
  const { tell, settle } = useRemovalMessage(undo);
  const [spoken, setSpoken] = useState('');
  const focus = useRef<string | null>(null);

  // A field that moved into another section is mounted anew: its focus follows it.
  useEffect(() => {
    if (!focus.current) return;
    const uid = focus.current;
    focus.current = null;
    document.querySelector<HTMLElement>(`[data-field="${uid}"] [role="button"]`)?.focus();
  });

  useEffect(() => settle((uid) => design.fields[uid] !== undefined), [design, settle]);

  const after = useCallback((): Place => {
    if (selection.kind === 'field' || selection.kind === 'element') {
      const place = placeOf(design, selection.uid);
      if (place) return { ...place, index: place.index + 1 };
    }
    if (selection.kind === 'section') {
      const section = design.sections.find((item) => item.uid === selection.uid);
      if (section) return { section: section.uid, index: section.items.length };
    }
    return lastPlace(design);
  }, [design, selection]);

  const put = (field: DesignField, at: Place) => {
    const columns = design.sections.find((section) => section.uid === at.section)?.columns ?? 1;
    act({ type: 'addField', field, at, span: spanOf(field.type, columns) });
    select({ kind: 'field', uid: field.uid });
    setFresh(field.uid);
    setSpoken(text('added', { name: field.name }));
  };

  const add = (type: FieldTypeName, at: Place = after()) => put(newField(design, type, label(type), newUid()), at);

  const layout = layoutActions({ design, act, select }, text, setSpoken);

  const duplicate = (uid: string) => {
    const field = design.fields[uid];
    const place = placeOf(design, uid);
    if (!field || !place || field.system) return;
    const { id: _id, key: _key, ...rest } = field;
    const named = newField(design, field.type, text('copyOf', { name: field.name }), newUid());
    put({ ...rest, uid: named.uid, name: named.name }, { ...place, index: place.index + 1 });
  };

  const remove = (uid: string) => {
    if (design.elements?.[uid]) {
      act({ type: 'removeElement', uid });
      return select({ kind: 'form' });
    }
    const field = design.fields[uid];
    const place = placeOf(design, uid);
    if (!field || uid === 'owner') return;
    act({ type: 'removeField', uid });
    if (field.system) {
      select({ kind: 'form' });
      setSpoken(text('removedToast', { name: field.name }));
      return;
    }
    const items = design.sections.find((section) => section.uid === place?.section)?.items ?? [];
    const next = items[(place?.index ?? 0) + 1] ?? items[(place?.index ?? 0) - 1];
    if (next) {
      select(selectionOf(design, next.field));
      focus.current = next.field;
    } else select({ kind: 'form' });
    tell({ uid, name: field.name, held: field.id ? valuesOf(form.id, field.id) : undefined });
    setSpoken(text('removedToast', { name: field.name }));
  };

  const move = (uid: string, at: Place) => {
    act({ type: 'moveField', uid, at });
    select(selectionOf(design, uid));
  };

  const step = (uid: string, count: number) => {
    const at = steppedPlace(design, uid, count);
    const element = design.elements?.[uid];
    const name = element ? text(`layout_${element.kind}`) : design.fields[uid]?.name;
    if (!at || name === undefined) return;
    act({ type: 'moveField', uid, at });
    focus.current = uid;
    const section = design.sections.find((item) => item.uid === at.section);
    const same = placeOf(design, uid)?.section === at.section;
    const n = same && count > 0 ? at.index : at.index + 1;
    setSpoken(text('movedTo', { name, section: section?.title || text('section'), n }));
  };

  const onFieldKey = (uid: string, event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const place = placeOf(design, uid);
    const columns = design.sections.find((section) => section.uid === place?.section)?.columns ?? 1;
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const count = steps[event.key];
    if (count !== undefined && !event.altKey) step(uid, count);
    else if (event.key === 'Delete' || event.key === 'Backspace') remove(uid);
    else if (event.key === 'Enter' || event.key === ' ') setFresh(uid);
    else if (event.key === 'Escape') select({ kind: 'form' });
    else if (event.key.toLowerCase() === 'd' && (event.ctrlKey || event.metaKey)) duplicate(uid);
    else return;
    event.preventDefault();
  };

  /** New fields and types go into a subform; a field whose data lies in the form's own table stays there. */
  const fitsInside = (what: Dragged, uid: string): boolean => {
    if (what.kind === 'layout') return false;
    if (what.kind === 'inner') return what.parent === uid;
    if (what.kind === 'type') return rowTypes.includes(what.type);
    const field = design.fields[what.uid];
    return field !== undefined && !field.id && !field.system && rowTypes.includes(field.type);
  };

  const putInside = (what: Dragged, { uid, index }: { uid: string; index: number }) => {
    const subform = design.fields[uid];
    if (!subform || what.kind === 'layout') return;
    const at = { section: 'rows', index };
    const change = (of: DesignAction) => act({ type: 'updateField', uid, patch: { config: configAfter(subform, of) } });
    if (what.kind === 'inner') {
      change({ type: 'moveField', uid: what.uid, at });
      return select({ kind: 'field', uid, inner: what.uid });
    }
    const moved = what.kind === 'field' ? design.fields[what.uid] : undefined;
    const fresh = newInner(
      subform,
      what.kind === 'type' ? what.type : (moved?.type ?? 'text'),
      what.kind === 'type' ? label(what.type) : (moved?.name ?? ''),
      newUid(),
    );
    const field = moved ? { ...moved, uid: fresh.uid, name: fresh.name } : fresh;
    if (moved) act({ type: 'removeField', uid: moved.uid });
    change({ type: 'addField', field, at });
    select({ kind: 'field', uid, inner: field.uid });
    setFresh(field.uid);
    setSpoken(text('added', { name: field.name }));
  };

  return {
    add,
    addLayout: (kind: LayoutKind, at?: Place) => layout(kind, at ?? after()),
    duplicate,
    remove,
    move,
    onFieldKey,
    fitsInside,
    putInside,
    spoken,
  };
}
