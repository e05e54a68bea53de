import type { FormId } from '@lianke/shared/ids';
import { useEffect } from 'react';
import type { DesignAction } from '../model/actions.js';
import type { DesignField } from '../model/design.js';
import { innerOf } from '../model/subform.js';
import { useDesigner } from './use-designer.js';
import { configAfter } from './use-inner-designer.js';
import { useRemovalMessage, valuesOf } from './use-removal-message.js';

/** Changing the columns of a subform; one that is taken off says what it held and how it comes back. */
export function useColumns(field: DesignField) {
  const { act, select, undo } = useDesigner();
  const { tell, settle } = useRemovalMessage(undo);
  const columns = innerOf(field);
  const there = columns.map((column) => column.uid).join();
  useEffect(() => settle((uid) => there.split(',').includes(uid)), [settle, there]);

  const change = (action: DesignAction) =>
    act({ type: 'updateField', uid: field.uid, patch: { config: configAfter(field, action) } });
  const remove = (column: DesignField) => {
    change({ type: 'removeField', uid: column.uid });
    select({ kind: 'field', uid: field.uid });
    const { formId } = field.config;
    const held = column.id && typeof formId === 'string' ? valuesOf(formId as FormId, column.id) : undefined;
    tell({ uid: column.uid, name: column.name, held, of: 'rows' });
  };
  return { columns, change, remove };
}
