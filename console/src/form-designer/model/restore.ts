import type { Design, DesignField } from './design.js';
import { type DesignDiff, diffOf } from './diff.js';
import { innerOf, withInner } from './subform.js';

/**
 * What bringing an old version back changes. Fields, and columns of subforms, that were converted to another type since
 * stay as they are: `kept` names them.
 */
export function restoreDiff(now: Design, old: Design): { diff: DesignDiff; kept: string[] } {
  const kept: string[] = [];
  const broughtBack = (field: DesignField, standing: DesignField | undefined, place = ''): DesignField => {
    if (!standing) return field;
    if (standing.type !== field.type) {
      kept.push(`${place}${field.name}`);
      return standing;
    }
    if (field.type !== 'subform') return field;
    const columns = new Map(innerOf(standing).map((column) => [column.uid, column]));
    const rows = innerOf(field).map((column) => broughtBack(column, columns.get(column.uid), `${field.name}.`));
    return { ...field, config: withInner(field, rows) };
  };
  const fields = Object.entries(old.fields).map(([uid, field]) => [uid, broughtBack(field, now.fields[uid])]);
  return { diff: diffOf(now, { ...old, fields: Object.fromEntries(fields) }), kept };
}
