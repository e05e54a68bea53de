import { DownloadOutlined, FileExcelOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { ImportView } from '@lianke/shared/imports/api';
import { Button } from 'antd';
import { upload } from '../api/client.js';
import { FileDrop } from '../shared/file-drop.js';
import { useSentFile } from '../shared/use-sent-file.js';
import { useText } from './i18n.js';
import styles from './imports.module.css';
import { Sample } from './sample.js';

interface Props {
  appId: string;
  formId: string | undefined;
  formName: string | undefined;
  onDone: (view: ImportView) => void;
}

const accepted = /\.(xlsx|xlsm|xls|xlsb|ods|xml|csv|tsv|txt)$/i;
/** Bytes; the server refuses more. */
const largest = 200 * 1024 * 1024;

/** 选文件: drop or choose one spreadsheet; a refusal says what, where and how to mend it. */
export function FileStep({ appId, formId, formName, onDone }: Props) {
  const text = useText();
  const sent = useSentFile({
    accepted,
    largest,
    say: text,
    take: async (file) => onDone(await upload<ImportView>('imports.create', file, { appId, formId })),
  });

  return (
    <div className={styles.narrow}>
      <FileDrop
        sent={sent}
        accept=".xlsx,.xlsm,.xls,.xlsb,.ods,.xml,.csv,.tsv,.txt"
        icon={<FileExcelOutlined />}
        title={sent.busy ? text('uploading', { name: sent.busy }) : text('dropTitle')}
        failedTitle={text('failedTitle')}
      >
        {formName && <div className={styles.dropInto}>{text('dropInto', { name: formName })}</div>}
        <div className="muted">{text('dropHint')}</div>
        <div className="muted">{text('sampleHint')}</div>
      </FileDrop>
      {formId && (
        <div className={styles.template}>
          <Button icon={<DownloadOutlined />} href={urlOf('imports.template', { formId })} download>
            {text('template')}
          </Button>
          <span className="muted">{text('templateHint')}</span>
        </div>
      )}
      <Sample disabled={sent.busy !== undefined} onFile={(file) => void sent.send(file)} />
    </div>
  );
}
