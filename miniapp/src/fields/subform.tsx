import type { SubformConfig } from '@lianke/shared/fields/subform/schema';
import type { LiveFormulas } from '@lianke/shared/formulas/record-formulas';
import { asJson } from '@lianke/shared/json';
import { View } from '@tarojs/components';
import { useContext, useMemo, useRef, useState } from 'react';
import { Button } from '../components/button.js';
import { FieldBox } from '../components/field-box.js';
import { Icon } from '../components/icon.js';
import { Sheet } from '../components/sheet.js';
import { useFormat } from '../data/context.js';
import { checkValues, type FieldErrors, freshValues } from '../data/form-check.js';
import { useRowFormulas } from '../data/live-formulas.js';
import { forgetLocalFiles } from '../data/local-files.js';
import { arrivedValues, localIds, withoutLocals } from '../data/local-values.js';
import { configOf, type Json, type ReadField, type Values } from '../data/record-types.js';
import { ruleEnv, rulesFor } from '../data/rules.js';
import { useLinked } from '../data/use-linked.js';
import { uuidV7 } from '../data/uuid.js';
import { t as translate, useT } from '../i18n/index.js';
import { LastingFilesContext } from './field-uploads.js';
import { ParentRecordContext } from './parent-record.js';
import { formatField, renderers } from './registry.js';
import { RowCards } from './row-cards.js';
import { partOf, type Row, rowFields, rowForm, rowsOf } from './subform-rows.js';
import { type ControlProps, type FieldRenderer, fieldError, isEmpty } from './types.js';
import { useFollowingRows } from './use-following-rows.js';

function freshRow(fields: readonly ReadField[]): Row {
  return { id: uuidV7(), values: freshValues(fields, {}) };
}

/** A copy has the files that have arrived: one on its way stands in one row. */
const copied = (values: Values): Values => withoutLocals(arrivedValues(values));

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState<{ row: Row; fresh: boolean }>();
  const rows = rowsOf(value);
  const { maxRows = 1000 } = configOf<Partial<SubformConfig>>(field);
  const compute = useRowFormulas(field);
  const put = (next: Row[]) => {
    const live = next.map((row) => (row.values ? { ...row, values: { ...row.values, ...compute(row.values) } } : row));
    onChange(live.length === 0 ? null : asJson(live));
  };
  const byHand = useRef(new Set<string>());
  useFollowingRows(field, rows, put, byHand.current);
  const keep = (row: Row, typed: ReadonlySet<string>) => {
    for (const key of typed) byHand.current.add(`${row.id}/${key}`);
    put(
      rows.some((item) => item.id === row.id) ? rows.map((item) => (item.id === row.id ? row : item)) : [...rows, row],
    );
    setOpen(undefined);
  };
  return (
    <View>
      <RowCards field={field} rows={rows} onTap={(row) => setOpen({ row, fresh: false })} />
      {rows.length < maxRows ? (
        <View
          className="row-add link"
          hoverClass="is-pressed"
          onClick={() => setOpen({ row: freshRow(rowFields(field)), fresh: true })}
        >
          <Icon name="plus" small /> {t('field.addRow')}
        </View>
      ) : null}
      {open ? (
        <RowSheet
          key={open.row.id}
          field={field}
          row={open.row}
          fresh={open.fresh}
          compute={compute}
          title={t('field.rowTitle', {
            name: field.name,
            n: open.fresh ? rows.length + 1 : rows.indexOf(open.row) + 1,
          })}
          onDone={keep}
          onClose={() => setOpen(undefined)}
          {...(open.fresh
            ? {}
            : {
                onDelete: () => {
                  forgetLocalFiles(localIds(open.row.values ?? {}));
                  put(rows.filter((item) => item.id !== open.row.id));
                  setOpen(undefined);
                },
                onCopy: () => setOpen({ row: { id: uuidV7(), values: copied(open.row.values ?? {}) }, fresh: true }),
              })}
        />
      ) : null}
    </View>
  );
}

interface SheetProps {
  field: ReadField;
  row: Row;
  title: string;
  /** A new row: what it begins with decides on other fields too. */
  fresh: boolean;
  compute: LiveFormulas;
  /** `typed`: keys of what was put in by hand. */
  onDone(row: Row, typed: ReadonlySet<string>): void;
  onClose(): void;
  onDelete?(): void;
  onCopy?(): void;
}

function RowSheet({ field, row, title, fresh, compute, onDone, onClose, onDelete, onCopy }: SheetProps) {
  const t = useT();
  const format = useFormat();
  const [values, setValues] = useState<Values>(row.values ?? {});
  const [errors, setErrors] = useState<FieldErrors>({});
  const form = useMemo(() => ({ ...rowForm(field), id: partOf(field) ?? '' }), [field]);
  const touched = useRef(new Set<string>());
  const parent = useContext(ParentRecordContext);
  const around = useContext(LastingFilesContext);
  const linking = useMemo(() => (form.id === '' ? { id: '', fields: [] } : form), [form]);
  useLinked(linking, values, (taken) => setValues((old) => ({ ...old, ...taken })), touched.current, fresh, parent);
  const computed = compute(values);
  const rules = rulesFor(form, values, ruleEnv(), { compute });
  const shown = form.fields.filter((inner) => rules.stateOf(inner)?.visible !== false);
  const done = () => {
    const own = checkValues(
      shown.filter((inner) => inner.writable && renderers[inner.type]?.Control),
      values,
    );
    const found = { ...own, ...rules.faults(new Set(Object.keys(own))) };
    if (Object.keys(found).length > 0) return setErrors(found);
    left(row.values ?? {}, values);
    onDone({ ...row, values }, touched.current);
  };
  const close = () => {
    left(values, row.values ?? {});
    onClose();
  };
  return (
    <Sheet
      title={title}
      onClose={close}
      foot={
        <View className="row-foot">
          {onDelete ? (
            <Button kind="danger" onClick={onDelete}>
              {t('common.delete')}
            </Button>
          ) : null}
          {onCopy ? <Button onClick={onCopy}>{t('field.copyRow')}</Button> : null}
          <Button kind="primary" onClick={done}>
            {t('common.ok')}
          </Button>
        </View>
      }
    >
      <LastingFilesContext.Provider value={around ? 'row' : undefined}>
        {shown.map((inner) =>
          inner.writable && renderers[inner.type]?.Control ? (
            <FieldBox
              key={inner.key}
              field={rules.narrowed(inner)}
              state={rules.stateOf(inner)}
              value={values[inner.key]}
              error={errors[inner.key]}
              onChange={(value) => {
                touched.current.add(inner.key);
                setValues((old) => ({ ...old, [inner.key]: value }));
                setErrors(({ [inner.key]: _gone, ...rest }) => rest);
              }}
            />
          ) : (
            <View key={inner.key} className="field">
              <View className="field__label">{inner.name}</View>
              <View className="field__locked">
                {formatField(inner, { ...values, ...computed }[inner.key], format) ||
                  (inner.key in computed ? '—' : t('field.computed'))}
              </View>
            </View>
          ),
        )}
      </LastingFilesContext.Provider>
    </Sheet>
  );
}

/** Lets go of the files of `before` that are not among `after`. */
function left(before: Values, after: Values): void {
  const kept = new Set(localIds(after));
  forgetLocalFiles(localIds(before).filter((id) => !kept.has(id)));
}

/** What is wrong in the first row at fault. */
function check(value: Json, field: ReadField): string | null {
  const form = rowForm(field);
  for (const [at, row] of rowsOf(value).entries()) {
    if (!row.values) continue;
    const { values } = row;
    // The formulas were computed when the row was put in; what comes from other records waits for saving.
    const formulas = form.fields.filter((inner) => inner.type === 'formula' && inner.key in values);
    const compute = () => Object.fromEntries(formulas.map(({ key }) => [key, values[key] ?? null]));
    const rules = rulesFor(form, values, ruleEnv(), { compute });
    const asked = form.fields.filter(
      (inner) => inner.writable && renderers[inner.type]?.Control && rules.stateOf(inner)?.visible !== false,
    );
    const own = checkValues(asked, row.values);
    const found = { ...own, ...rules.faults(new Set(Object.keys(own))) };
    const wrong = form.fields.find((inner) => found[inner.key]);
    if (wrong) return translate('field.rowFault', { n: at + 1, name: wrong.name, reason: found[wrong.key] ?? '' });
  }
  const { minRows = 0 } = configOf<Partial<SubformConfig>>(field);
  return rowsOf(value).length < minRows ? fieldError('too_few_rows', { min: minRows }) : null;
}

/** The whole list; of a row of which only the name was read nothing is said. */
function toWire(value: Json, field: ReadField): Json {
  const fields = rowFields(field).filter((inner) => inner.writable && renderers[inner.type]?.Control);
  return rowsOf(value).map(({ id, values }) => ({
    id,
    ...(values
      ? {
          values: Object.fromEntries(
            fields.map((inner) => {
              const own = values[inner.key];
              const { toWire: wire } = renderers[inner.type];
              return [inner.key, isEmpty(own) ? null : ((wire ? wire(own as Json, inner) : own) ?? null)];
            }),
          ),
        }
      : {}),
  }));
}

export const subformField: FieldRenderer = {
  Control,
  format: (value, _, { t }) => t('field.rows', { n: rowsOf(value).length }),
  check,
  toWire,
};
