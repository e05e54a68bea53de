import {
  CloseOutlined,
  DeleteOutlined,
  EditOutlined,
  ExportOutlined,
  InboxOutlined,
  MergeCellsOutlined,
  PrinterOutlined,
  RollbackOutlined,
  TagsOutlined,
  UserSwitchOutlined,
} from '@ant-design/icons';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { SortItem, Total } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys, type ReadField } from '../api/queries.js';
import { MergeDialog, mostMerged } from '../duplicates/merge-dialog.js';
import { fieldRenderers } from '../fields/registry.js';
import { useText as usePoolText } from '../pools/i18n.js';
import { ReturnDialog } from '../pools/return-dialog.js';
import { usePool } from '../pools/use-pools.js';
import { usePrintText } from '../print/i18n.js';
import { PrintDialog } from '../print/print-dialog.js';
import { FieldEditor } from '../shared/field-editor.js';
import { formatTotal } from '../shared/format.js';
import { ExportDialog } from './export-dialog.js';
import styles from './records.module.css';
import { TagsDialog } from './tags-dialog.js';
import { TransferDialog } from './transfer-dialog.js';
import { useBulk } from './use-bulk.js';
import { useDelete } from './use-delete.js';
import type { Grid } from './use-grid.js';
import { faultOf, toWrite } from './values.js';

const most = 10_000;

interface DialogProps {
  open: boolean;
  count: number;
  onClose: () => void;
}

function ModifyDialog({
  open,
  count,
  fields,
  onClose,
  onDo,
}: DialogProps & { fields: readonly ReadField[]; onDo: (field: ReadField, value: Json) => void }) {
  const { t } = useTranslation('records');
  const [key, setKey] = useState<string>();
  const [value, setValue] = useState<Json>(null);
  const field = fields.find((item) => item.key === key);
  const fault = field && faultOf(field, value);
  return (
    <Modal
      open={open}
      width={460}
      title={t('modifyTitle', { n: count })}
      okText={t('modify')}
      okButtonProps={{ disabled: !field || fault !== undefined }}
      onOk={() => field && onDo(field, value)}
      onCancel={onClose}
      afterClose={() => {
        setKey(undefined);
        setValue(null);
      }}
      destroyOnHidden
    >
      <Form layout="vertical">
        <Form.Item label={t('modifyField')} htmlFor="bulk-field">
          <Select<string>
            id="bulk-field"
            value={key}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(next) => {
              setKey(next);
              setValue(null);
            }}
            options={fields.map((item) => ({ value: item.key, label: item.name }))}
          />
        </Form.Item>
        {field && (
          <Form.Item label={t('modifyValue')} htmlFor="bulk-value" help={fault ?? t('modifyEmpty')}>
            <FieldEditor key={field.key} id="bulk-value" field={field} value={value} onChange={setValue} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}

interface Props {
  grid: Grid;
  picked: ReadonlySet<string>;
  onPicked: (ids: Set<string>) => void;
  loaded: number;
  total: Total | undefined;
}

/** Rises from the bottom when rows are picked: 转移, 修改, 删除 (恢复 in the recycle bin), each followed by 撤销. */
export function BulkBar({ grid, picked, onPicked, loaded, total }: Props) {
  const { t } = useTranslation('records');
  const print = usePrintText();
  const poolText = usePoolText();
  const pool = usePool(grid.form.id);
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const run = useBulk(grid.form.id);
  const remove = useDelete(grid.form.id);
  const [dialog, setDialog] = useState<'transfer' | 'modify' | 'tags' | 'merge' | 'print' | 'export' | 'return'>();
  const [selecting, setSelecting] = useState<number>();
  if (picked.size === 0) return null;

  const ids = [...picked];
  // One record is changed by its own right; several at once need the right to.
  const several = picked.size < 2 || grid.form.actions.includes('bulk');
  const may = (action: 'edit' | 'delete') => several && grid.form.actions.includes(action);
  const owner = grid.form.fields.find((field) => field.key === 'owner' && field.system);
  const editable = grid.form.fields.filter(
    (field) =>
      field.writable &&
      fieldRenderers[field.type].Editor &&
      !field.rules.unique &&
      field.key !== 'owner' &&
      field.type !== 'subform',
  );
  const tagFields = editable.filter((field) => field.type === 'tags' || field.type === 'multiSelect');
  const clear = () => onPicked(new Set());
  const more = picked.size >= loaded && total !== undefined && (typeof total !== 'number' || total > picked.size);

  async function selectEverything() {
    const all = new Set<string>();
    let cursor: string | undefined;
    setSelecting(0);
    try {
      do {
        const page = await api('records.query', {
          params: { formId: grid.form.id as FormId },
          body: {
            ...grid.query,
            sort: [...grid.sort] as SortItem[],
            fields: [],
            limit: 200,
            total: false,
            ...(grid.deleted ? { deleted: true } : {}),
            ...(cursor ? { cursor } : {}),
          },
        });
        for (const item of page.items) all.add(item.id);
        setSelecting(all.size);
        cursor = page.cursor ?? undefined;
      } while (cursor && all.size < most);
      if (cursor) message.warning(t('tooManySelected', { n: formatTotal(most) }));
      onPicked(all);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setSelecting(undefined);
    }
  }

  async function purge() {
    const sure = await modal.confirm({
      title: t('purgeTitle', { n: formatTotal(ids.length) }),
      content: t('purgeHint'),
      okText: t('purge'),
      okButtonProps: { danger: true },
    });
    if (!sure) return;
    try {
      let purged = 0;
      for (let at = 0; at < ids.length; at += 1000) {
        const body = { ids: ids.slice(at, at + 1000) as RecordId[] };
        purged += (await api('records.purge', { params: { formId: grid.form.id as FormId }, body })).purged;
      }
      message.success(t('purged', { n: formatTotal(purged) }));
      clear();
    } catch (error) {
      message.error(messageOf(error));
    }
    await client.invalidateQueries({ queryKey: keys.data(grid.form.id) });
  }

  return (
    <>
      <div className={styles.bulk} role="toolbar" aria-label={t('selected', { n: picked.size })}>
        <strong className="tabular">{t('selected', { n: formatTotal(picked.size) })}</strong>
        {selecting !== undefined ? (
          <span className="muted">{t('selecting', { n: formatTotal(selecting) })}</span>
        ) : (
          more && (
            <Button type="link" size="small" onClick={() => void selectEverything()}>
              {t('selectEverything', { n: formatTotal(total) })}
            </Button>
          )
        )}
        {grid.deleted && grid.form.actions.includes('purge') && (
          <Button danger icon={<DeleteOutlined />} onClick={() => void purge()}>
            {t('purge')}
          </Button>
        )}
        {!several && <span className="muted">{t('bulkNoRight')}</span>}
        {grid.deleted ? (
          <Button
            type="primary"
            disabled={!several}
            icon={<RollbackOutlined />}
            onClick={async () => {
              await run(ids, { kind: 'restore' }, (n) => t('restored', { n }));
              clear();
            }}
          >
            {t('restore')}
          </Button>
        ) : (
          <>
            {may('edit') && owner?.writable && (
              <Button icon={<UserSwitchOutlined />} onClick={() => setDialog('transfer')}>
                {t('transfer')}
              </Button>
            )}
            {several && pool.data && (
              <Button icon={<InboxOutlined />} onClick={() => setDialog('return')}>
                {poolText('giveBack')}
              </Button>
            )}
            {may('edit') && editable.length > 0 && (
              <Button icon={<EditOutlined />} onClick={() => setDialog('modify')}>
                {t('modify')}
              </Button>
            )}
            {may('edit') && tagFields.length > 0 && (
              <Button icon={<TagsOutlined />} onClick={() => setDialog('tags')}>
                {t('tag')}
              </Button>
            )}
            {may('edit') && may('delete') && picked.size > 1 && picked.size <= mostMerged && (
              <Button icon={<MergeCellsOutlined />} onClick={() => setDialog('merge')}>
                {t('merge')}
              </Button>
            )}
            {grid.form.actions.includes('print') && (
              <Button icon={<PrinterOutlined />} onClick={() => setDialog('print')}>
                {print('print')}
              </Button>
            )}
            {grid.form.actions.includes('export') && (
              <Button icon={<ExportOutlined />} onClick={() => setDialog('export')}>
                {t('export')}
              </Button>
            )}
            {may('delete') && (
              <Button
                danger
                icon={<DeleteOutlined />}
                onClick={async () => {
                  if ((await remove(ids, (n) => t('deleted', { n }))) > 0) clear();
                }}
              >
                {t('delete')}
              </Button>
            )}
          </>
        )}
        <Button type="text" icon={<CloseOutlined />} aria-label={t('clearSelection')} onClick={clear} />
      </div>
      <PrintDialog formId={grid.form.id} ids={ids} open={dialog === 'print'} onClose={() => setDialog(undefined)} />
      <ExportDialog grid={grid} ids={ids} open={dialog === 'export'} onClose={() => setDialog(undefined)} />
      <MergeDialog
        form={grid.form}
        ids={ids}
        open={dialog === 'merge'}
        onClose={() => setDialog(undefined)}
        onMerged={clear}
      />
      <TransferDialog
        formId={grid.form.id}
        ids={ids}
        open={dialog === 'transfer'}
        onClose={() => setDialog(undefined)}
        onDo={(to, along) => {
          setDialog(undefined);
          clear();
          const action = { kind: 'transfer' as const, to: to.id as MemberId, along };
          void run(ids, action, (n) => t('transferred', { n, name: to.label }));
        }}
      />
      <ReturnDialog
        count={picked.size}
        open={dialog === 'return'}
        onClose={() => setDialog(undefined)}
        onDo={(reason) => {
          setDialog(undefined);
          clear();
          void run(ids, { kind: 'return', reason }, (n) => poolText('given', { n }));
        }}
      />
      <TagsDialog
        open={dialog === 'tags'}
        count={picked.size}
        fields={tagFields}
        onClose={() => setDialog(undefined)}
        onDo={(field, add, remove) => {
          setDialog(undefined);
          void run(ids, { kind: 'tags', field: field.key, add, remove }, (n) => t('modified', { n, name: field.name }));
        }}
      />
      <ModifyDialog
        open={dialog === 'modify'}
        count={picked.size}
        fields={editable}
        onClose={() => setDialog(undefined)}
        onDo={(field, value) => {
          setDialog(undefined);
          const values = { [field.key]: toWrite(field, value) };
          void run(ids, { kind: 'update', values }, (n) => t('modified', { n, name: field.name }));
        }}
      />
    </>
  );
}
