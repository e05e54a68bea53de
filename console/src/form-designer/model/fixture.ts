import type { FieldTypeName } from '@lianke/shared/fields/registry';
import type { FieldId } from '@lianke/shared/ids';
import type { Design, DesignField } from './design.js';

/** A published field for tests. */
export function field(uid: string, name: string, type: FieldTypeName = 'text'): DesignField {
  return {
    uid,
    id: uid as FieldId,
    key: uid.replace('f_', 'k'),
    name,
    type,
    config: type === 'select' ? { options: [{ id: 'A', label: 'A' }] } : {},
    rules: {},
  };
}

/** Two sections: 客户名称, 客户分级 | 备注. */
export function sample(): Design {
  const fields = [field('f_name', '客户名称'), field('f_grade', '客户分级', 'select'), field('f_note', '备注')];
  return {
    name: '客户信息表',
    fields: Object.fromEntries(fields.map((item) => [item.uid, item])),
    sections: [
      {
        uid: 'a',
        title: '基础信息',
        columns: 2,
        items: [
          { field: 'f_name', span: 2 },
          { field: 'f_grade', span: 1 },
        ],
      },
      { uid: 'b', title: '', columns: 1, items: [{ field: 'f_note', span: 1 }] },
    ],
    settings: { summaryFields: ['f_grade'], titleField: 'f_name' },
  };
}
