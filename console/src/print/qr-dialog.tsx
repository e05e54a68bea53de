import { DownloadOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import { Button, Modal } from 'antd';
import { usePrintText } from './i18n.js';

interface Props {
  formId: string;
  id: string;
  name: string;
  open: boolean;
  onClose: () => void;
}

/** The QR code of a record, to be stuck on a machine or put into a letter. */
export function QrDialog({ formId, id, name, open, onClose }: Props) {
  const text = usePrintText();
  const url = urlOf('records.qr', { formId, id });
  return (
    <Modal
      open={open}
      width={360}
      title={text('qrTitle', { name })}
      onCancel={onClose}
      destroyOnHidden
      footer={
        <Button type="primary" icon={<DownloadOutlined />} href={url} download={`${name || 'qr'}.png`}>
          {text('save')}
        </Button>
      }
    >
      <div style={{ display: 'grid', justifyItems: 'center', gap: 12, textAlign: 'center' }}>
        <img
          src={url}
          alt={text('qrTitle', { name })}
          width={240}
          height={240}
          style={{ background: '#fff', borderRadius: 6 }}
        />
        <span className="muted">{text('qrHint')}</span>
      </div>
    </Modal>
  );
}
