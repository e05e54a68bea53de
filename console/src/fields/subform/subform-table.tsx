import { PlusOutlined } from '@ant-design/icons';
import { shownAs } from '@lianke/shared/fields/derived';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../../api/queries.js';
import type { Column } from '../../records/columns.js';
import { DataGrid } from '../../records/grid/data-grid.js';
import type { GridItem } from '../../records/grid/items.js';
import '../../records/i18n.js';
import type { Values } from '../../records/values.js';
import { FieldValue } from '../../shared/field-value.js';
import { fieldRenderers } from '../registry.js';
import type { EditorProps } from '../renderer.js';
import { RowDialog } from './row-dialog.js';
import { RowTools } from './row-tools.js';
import { isSummed, sumOf } from './rows.js';
import styles from './subform.module.css';
import { place, rowRecord, useTableRows } from './use-table-rows.js';

const rowHeight = 36;
const shownRows = 10;
const headHeight = 38;

type Props = Omit<EditorProps, 'onChange'> & { onChange?: EditorProps['onChange'] };

/** The rows of a subform as a table: typed into, pasted over, copied and moved; without `onChange` it is only read. */
export function SubformTable({ field, value, onChange, label, disabled, invalid, faults }: Props) {
  const { t } = useTranslation('fields');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [widths, setWidths] = useState<Record<string, number>>({});
  const [open, setOpen] = useState<string>();
  const editable = onChange !== undefined && !disabled;
  const table = useTableRows({ field, value, onChange, editable });
  const { ask, fields, rows, most, compute, rulesOf, mayEdit, put, add, update, copy, shift, undo, undoable } = table;
  const columns: Column[] = [
    { field: place, width: 44, title: true, pinned: true },
    ...fields.map((inner) => ({
      field: { ...inner, type: shownAs(inner).type, config: shownAs(inner).config } as ReadField,
      width: widths[inner.key] ?? fieldRenderers[shownAs(inner).type].width,
      title: false,
      pinned: false,
    })),
  ];
  const items = rows.map((row, at): GridItem => ({ kind: 'record', record: rowRecord(row, at) }));

  const sums = useMemo(
    () =>
      fields.filter(isSummed).flatMap((inner) => {
        const sum = sumOf(rows, inner.key);
        return sum === null ? [] : [{ inner, sum }];
      }),
    [fields, rows],
  );
  const opened = rows.find((row) => row.id === open);
  const some = rows.some((row) => picked.has(row.id));
  const height = Math.min(Math.max(rows.length, 1), shownRows) * rowHeight + headHeight + 16;
  return (
    <div>
      <div className={`${styles.table} ${invalid ? styles.invalid : ''}`}>
        {rows.length === 0 && editable ? (
          <div className={styles.empty}>
            <div className="muted">{t('noRows')}</div>
            <Button type="link" icon={<PlusOutlined />} onClick={() => put(add())}>
              {t('addRow')}
            </Button>
          </div>
        ) : (
          <div style={{ height }}>
            <DataGrid
              plain
              label={label ?? field.name}
              items={items}
              onWait={() => undefined}
              onToggle={() => undefined}
              columns={columns}
              sort={[]}
              rowHeight={rowHeight}
              loading={false}
              stale={false}
              hasMore={false}
              onNearEnd={() => undefined}
              picked={picked}
              onPicked={setPicked}
              mayEdit={mayEdit}
              onSave={(record, column, next) => {
                if (mayEdit(column, record)) update(record.id, { [column.field.key]: next });
              }}
              onPaste={(_, block, cells) => void table.paste(columns, block, cells)}
              onFill={editable ? (_, block, source) => table.fill(columns, block, source) : undefined}
              onClear={editable ? (_, block) => table.clear(columns, block) : undefined}
              onUndo={undo}
              onPastEnd={editable ? () => put([...rows, ...add()]) : undefined}
              pathOf={() => undefined}
              onOpen={(record) => setOpen(record.id)}
              onRefusedEdit={(record) => setOpen(record.id)}
              scrollTop={0}
              onScrollTop={() => undefined}
              empty={null}
              onSort={() => undefined}
              onFilter={() => undefined}
              onHide={() => undefined}
              onGroup={() => undefined}
              onPin={() => undefined}
              onMove={() => undefined}
              onResize={(key, width) => setWidths((now) => ({ ...now, [key]: width }))}
            />
          </div>
        )}
        {rows.length > 0 && (
          <div className={styles.sums}>
            <span>{t('rows', { n: rows.length })}</span>
            {sums.map(({ inner, sum }) => (
              <span key={inner.key}>
                {t('sumOf', { name: inner.name })}{' '}
                <strong>
                  <FieldValue field={{ ...inner, ...shownAs(inner) }} value={sum} />
                </strong>
              </span>
            ))}
          </div>
        )}
      </div>
      {faults && faults.length > 0 && (
        <ul className={styles.faults} role="alert">
          {faults.slice(0, 5).map((fault) => (
            <li key={`${fault.row}/${fault.field}`}>
              {t('rowFault', {
                row: fault.row + 1,
                name: fields.find((inner) => inner.key === fault.field)?.name ?? fault.field,
                reason: fault.reason,
              })}
            </li>
          ))}
        </ul>
      )}
      {editable && rows.length > 0 && (
        <RowTools
          full={rows.length >= most}
          some={some}
          undoable={undoable}
          onAdd={() => put([...rows, ...add()])}
          onCopy={() => copy(picked)}
          onShift={(step) => shift(picked, step)}
          onOpen={() => setOpen(rows.find((row) => picked.has(row.id))?.id)}
          onDelete={() => {
            put(rows.filter((row) => !picked.has(row.id)));
            setPicked(new Set());
          }}
          onUndo={undo}
        />
      )}
      {opened && (
        <RowDialog
          title={t('rowOf', { name: field.name, n: rows.indexOf(opened) + 1 })}
          fields={fields}
          values={opened.values ?? {}}
          rulesOf={rulesOf}
          compute={compute}
          ask={ask}
          onClose={() => setOpen(undefined)}
          {...(editable ? { onDone: (values: Values) => update(opened.id, values) } : {})}
        />
      )}
    </div>
  );
}
