import type { SheetColumn, SheetPlan } from '@lianke/shared/imports/api';
import { Alert, Popover, Segmented, Switch, Tooltip } from 'antd';
import { useState } from 'react';
import type { FormView } from '../../api/queries.js';
import { aside, pause } from '../../i18n/punctuation.js';
import { useText } from '../i18n.js';
import { groupRows, includeHidden, includeSheet, moveHeader, type Plan } from '../model/plan.js';
import styles from './check.module.css';
import { ColumnEditor } from './column-editor.js';
import { useTargetName } from './use-target-name.js';

interface Props {
  sheet: SheetPlan;
  plan: Plan;
  forms: readonly FormView[];
  onChange: (plan: Plan) => void;
}

const statusNames = { matched: 'statusMatched', new: 'statusNew', skipped: 'statusSkipped' } as const;

/** 「C5、C6 …」: the first cells by their places. */
function cellList({ count, cells }: NonNullable<SheetPlan['uncomputed']>): string {
  return `${cells.join(pause())}${count > cells.length ? ' …' : ''}`;
}

/** A sheet as it stands in the file: its header row marked, above each column where it goes. */
export function SheetTable({ sheet, plan, forms, onChange }: Props) {
  const text = useText();
  const width = Math.max(sheet.columns.length, ...sheet.preview.map((row) => row.length), 1);
  const columns = Array.from({ length: width }, (_, index) => sheet.columns.find((column) => column.index === index));
  const header = sheet.headerRow;
  return (
    <>
      <div className={styles.sheetHead}>
        <span className={styles.include}>
          <Switch
            size="small"
            checked={sheet.include}
            disabled={header === null}
            onChange={(on) => onChange(includeSheet(plan, sheet.index, on))}
            aria-label={text('includeSheet')}
          />
          {text('includeSheet')}
        </span>
        <span className="muted">
          {header === null
            ? text('chooseHeader')
            : sheet.include
              ? text('headerHint')
              : text('sheetLeftOut', { reason: sheet.reason ?? text('leftOutByYou') })}
        </span>
        {header !== null && (
          <span className={styles.legend}>
            {(['matched', 'new', 'skipped'] as const).map((status) => (
              <span key={status} className={`${styles.mark} ${styles[status]}`}>
                {text(statusNames[status])}
              </span>
            ))}
          </span>
        )}
      </div>
      {sheet.hidden && sheet.include && (
        <div className={styles.sheetHead}>
          <span className={styles.include}>
            <Switch
              size="small"
              checked={sheet.hidden.include}
              onChange={(on) => onChange(includeHidden(plan, sheet.index, on))}
              aria-label={text('includeHidden')}
            />
            {text('includeHidden')}
          </span>
          <span className="muted">{text('hiddenRows', { n: sheet.hidden.rows })}</span>
        </div>
      )}
      {sheet.grouping && sheet.include && (
        <div className={styles.sheetHead}>
          <Segmented
            size="small"
            aria-label={text('grouping')}
            value={sheet.grouping.as}
            onChange={(as) => onChange(groupRows(plan, sheet.index, as))}
            options={(['subform', 'records'] as const).map((value) => ({ value, label: text(`grouping_${value}`) }))}
          />
          <span className="muted">{text(`groupingHint_${sheet.grouping.as}`, { n: sheet.grouping.rows })}</span>
        </div>
      )}
      {sheet.uncomputed && sheet.include && (
        <Alert
          type="warning"
          showIcon
          className={styles.notice}
          title={`${text('uncomputed', { n: sheet.uncomputed.count, cells: cellList(sheet.uncomputed) })}${text('uncomputedHint')}`}
        />
      )}
      {sheet.targets.length > 0 && sheet.include && <Feeds sheet={sheet} forms={forms} />}
      <div className={styles.scroll}>
        <table className={styles.table}>
          {header !== null && (
            <thead>
              <tr>
                <th className={styles.rowHead} />
                {columns.map((column, index) => (
                  // Columns of a file have no identity but their place.
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  <th key={index} scope="col" className={styles.chipCell}>
                    {column && <Chip column={column} sheet={sheet} plan={plan} forms={forms} onChange={onChange} />}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {sheet.preview.map((row, at) => {
              const isHeader = at === header;
              const above = header !== null && at < header;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no identity but their place
                <tr key={at} className={isHeader ? styles.headerRow : above ? styles.aboveRow : ''}>
                  <th scope="row" className={styles.rowHead}>
                    <Tooltip
                      title={isHeader ? text('headerRow') : text('setHeader', { n: at + 1 })}
                      mouseEnterDelay={0.4}
                    >
                      <button
                        type="button"
                        className={styles.rowButton}
                        draggable={isHeader}
                        onDragStart={(event) => event.dataTransfer.setData('text/plain', String(at))}
                        onDragOver={(event) => event.preventDefault()}
                        onDrop={(event) => {
                          event.preventDefault();
                          if (event.dataTransfer.getData('text/plain') === String(header) && at !== header)
                            onChange(moveHeader(plan, sheet.index, at));
                        }}
                        aria-label={isHeader ? `${text('headerRow')} ${at + 1}` : text('setHeader', { n: at + 1 })}
                        aria-pressed={isHeader}
                        onClick={() => {
                          if (!isHeader) onChange(moveHeader(plan, sheet.index, at));
                        }}
                      >
                        {isHeader ? text('headerRow') : at + 1}
                      </button>
                    </Tooltip>
                  </th>
                  {columns.map((column, index) => (
                    <td
                      // biome-ignore lint/suspicious/noArrayIndexKey: see above
                      key={index}
                      title={row[index] ?? ''}
                      className={column?.to.status === 'skipped' && !above ? styles.skippedCell : ''}
                    >
                      {(isHeader && column?.header) || (row[index] ?? '')}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {sheet.preview.length > 0 && sheet.rows > sheet.preview.length && (
        <div className={styles.more}>{text('previewMore', { n: sheet.preview.length })}</div>
      )}
    </>
  );
}

function Chip({ column, sheet, plan, forms, onChange }: Props & { column: SheetColumn }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const nameOf = useTargetName(sheet, forms);
  const { to } = column;
  const name = to.status === 'skipped' ? text('skip') : nameOf(to);
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <ColumnEditor
          column={column}
          sheet={sheet}
          plan={plan}
          forms={forms}
          onChange={onChange}
          onClose={() => setOpen(false)}
        />
      }
    >
      <button
        type="button"
        className={`${styles.chip} ${styles[to.status]}`}
        title={name}
        aria-label={text('chipAria', { header: column.header || text('unnamedColumn'), target: name })}
        aria-haspopup="dialog"
        aria-expanded={open}
      >
        <span className="ellipsis">{name}</span>
        {to.factor && <span className={styles.factor}>{text('factorNote', { n: to.factor })}</span>}
      </button>
    </Popover>
  );
}

/** Which forms a row feeds and how they are linked, when it feeds more than one. */
function Feeds({ sheet, forms }: { sheet: SheetPlan; forms: readonly FormView[] }) {
  const text = useText();
  return (
    <div className={styles.feeds}>
      <span className="muted">{text('feeds')}</span>
      {sheet.targets.map((target) => {
        const fields = forms.find((form) => form.id === target.formId)?.fields ?? [];
        const link = target.link;
        const linkName =
          fields.find((field) => field.key === link?.field)?.name ??
          target.newFields.find((field) => field.key === link?.field)?.name;
        const to = sheet.targets.find((other) => other.key === link?.to)?.formName;
        return (
          <span key={target.key}>
            <strong>{target.formName}</strong>
            {target.formId === null && <span className={`${styles.mark} ${styles.new}`}>{text('newFormTag')}</span>}
            {linkName && to && <span className="muted">{aside(text('linkedBy', { field: linkName, to }))}</span>}
          </span>
        );
      })}
    </div>
  );
}
