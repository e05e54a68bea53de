import { SwapOutlined, UndoOutlined } from '@ant-design/icons';
import { noConversion } from '@lianke/shared/forms/conversion';
import { App, Button } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import styles from '../properties/properties.module.css';
import { useTypeLabel } from '../use-type-label.js';
import { ConvertDialog } from './convert-dialog.js';
import { useConversions, useRenewConversions } from './use-conversions.js';

const noWay = {
  derived: 'convertNoDerived',
  rows: 'convertNoRows',
  files: 'convertNoFiles',
  kept: 'convertNoKept',
} as const;

/** 转换类型 of a published field, and the way back while its old values are kept. */
export function ConvertField({ field }: { field: DesignField }) {
  const text = useText();
  const label = useTypeLabel();
  const { form, dirty } = useDesigner();
  const { message, modal } = App.useApp();
  const [open, setOpen] = useState(false);
  const renew = useRenewConversions();
  const conversions = useConversions(form.id);
  const last = conversions.find((item) => item.field === field.id && item.undoable);
  const busy = conversions.some((item) => item.state === 'running');
  if (!field.id) return null;
  const none = noConversion(field.type);
  if (none)
    return (
      <p className={styles.hint} style={{ marginBottom: 12 }}>
        {text(noWay[none])}
      </p>
    );
  const undo = () =>
    void modal.confirm({
      title: text('convertUndo', { type: label(last?.from ?? field.type) }),
      content: text('convertUndoHint'),
      okText: text('convertUndoShort'),
      onOk: () =>
        api('conversions.undo', { params: { formId: form.id, fieldId: String(field.id) } })
          .catch((error) => void message.error(messageOf(error)))
          .finally(() => void renew(form.id)),
    });
  return (
    <div style={{ marginBottom: 12, display: 'flex', gap: 8, flexWrap: 'wrap' }}>
      <Button
        size="small"
        icon={<SwapOutlined />}
        disabled={busy}
        onClick={() => (dirty ? message.info(text('convertPublishFirst')) : setOpen(true))}
      >
        {text('convertType')}
      </Button>
      {last && !last.undoes && (
        <Button size="small" type="link" icon={<UndoOutlined />} disabled={busy} onClick={undo}>
          {text('convertUndoTo', { type: label(last.from) })}
        </Button>
      )}
      <ConvertDialog field={field} open={open} onClose={() => setOpen(false)} />
    </div>
  );
}
