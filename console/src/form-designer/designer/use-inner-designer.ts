import { useCallback, useMemo } from 'react';
import { applyAction, type DesignAction } from '../model/actions.js';
import type { Design, DesignField } from '../model/design.js';
import { innerOf, withInner } from '../model/subform.js';
import { type Designer, useDesigner } from './use-designer.js';

const only = 'rows';

/** The rows of a subform as a design of their own: what works on a form's fields works on theirs. */
export function designOfRows(field: DesignField): Design {
  const inner = innerOf(field);
  return {
    name: field.name,
    fields: Object.fromEntries(inner.map((item) => [item.uid, item])),
    sections: [{ uid: only, title: '', columns: 1, items: inner.map((item) => ({ field: item.uid, span: 1 })) }],
    settings: { summaryFields: [] },
  };
}

/** The subform's settings after a change of its rows' design. */
export function configAfter(field: DesignField, action: DesignAction): DesignField['config'] {
  const next = applyAction(designOfRows(field), action);
  const fields = next.sections.flatMap((section) => section.items.flatMap((item) => next.fields[item.field] ?? []));
  return withInner(field, fields);
}

/** A designer of the rows of a subform, for the panels that know of one design only. */
export function useInnerDesigner(field: DesignField): Designer {
  const outer = useDesigner();
  const { act: actOuter, select: selectOuter } = outer;
  const { uid } = field;
  const design = useMemo(() => designOfRows(field), [field]);
  const act = useCallback(
    (action: DesignAction, merge?: string) =>
      actOuter({ type: 'updateField', uid, patch: { config: configAfter(field, action) } }, merge && `${uid}/${merge}`),
    [actOuter, field, uid],
  );
  const select = useCallback(
    (selection: Designer['selection']) =>
      selectOuter({ kind: 'field', uid, ...(selection.kind === 'field' ? { inner: selection.uid } : {}) }),
    [selectOuter, uid],
  );
  return { ...outer, design, act, select, ofRows: true, around: outer.design };
}
