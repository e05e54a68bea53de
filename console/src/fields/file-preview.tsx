import { DownloadOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Modal, Skeleton } from 'antd';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { fileUrl } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { formatBytes } from '../shared/format.js';

export interface PreviewFile {
  id: string;
  name: string;
  size: number;
  mime: string;
}

/** Larger documents are opened in a tab of their own. */
const mostBytes = 30 * 1024 * 1024;

export const isPicture = (file: PreviewFile) => /^image\/(png|jpe?g|gif|webp)$/.test(file.mime);
export const isPreviewed = (file: PreviewFile) =>
  isPicture(file) || (file.mime === 'application/pdf' && file.size <= mostBytes);

/** A PDF in the browser's own viewer: read first, as the viewer shows nothing that comes from a sandboxed address. */
function Pdf({ file }: { file: PreviewFile }) {
  const read = useQuery({
    queryKey: ['file', file.id],
    queryFn: async () => {
      const answer = await fetch(fileUrl(file.id));
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.blob();
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const url = useMemo(() => (read.data ? URL.createObjectURL(read.data) : undefined), [read.data]);
  useEffect(() => (url ? () => URL.revokeObjectURL(url) : undefined), [url]);
  if (read.error) return <p className="muted">{messageOf(read.error)}</p>;
  if (!url) return <Skeleton active paragraph={{ rows: 8 }} />;
  return <iframe src={url} title={file.name} style={{ width: '100%', height: '72vh', border: 0 }} />;
}

interface Props {
  files: readonly PreviewFile[];
  /** Place of the shown file; undefined when closed. */
  at: number | undefined;
  onAt: (at: number | undefined) => void;
}

/** Pictures and PDFs of a field on top of the page; the arrows go to the next one. */
export function FilePreview({ files, at, onAt }: Props) {
  const { t } = useTranslation('fields');
  const file = at === undefined ? undefined : files[at];
  const go = (by: number) => at !== undefined && files[at + by] && onAt(at + by);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps clicks and keys in the dialog from the cell behind it
    <span
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'ArrowRight') go(1);
        if (event.key === 'ArrowLeft') go(-1);
      }}
    >
      <Modal
        open={file !== undefined}
        onCancel={() => onAt(undefined)}
        width="min(960px, 96vw)"
        centered
        destroyOnHidden
        title={file && <span className="ellipsis">{file.name}</span>}
        footer={
          file && (
            <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
              <span className="muted">{formatBytes(file.size)}</span>
              <span style={{ flex: 1 }} />
              {files.length > 1 && (
                <>
                  <Button
                    icon={<LeftOutlined />}
                    disabled={at === 0}
                    aria-label={t('previousFile')}
                    onClick={() => go(-1)}
                  />
                  <span className="tabular">
                    {(at ?? 0) + 1} / {files.length}
                  </span>
                  <Button
                    icon={<RightOutlined />}
                    disabled={at === files.length - 1}
                    aria-label={t('nextFile')}
                    onClick={() => go(1)}
                  />
                </>
              )}
              <a href={fileUrl(file.id)} download={file.name}>
                <Button icon={<DownloadOutlined />} tabIndex={-1}>
                  {t('download')}
                </Button>
              </a>
            </div>
          )
        }
      >
        {file && isPicture(file) && (
          <img
            src={fileUrl(file.id)}
            alt={file.name}
            style={{ display: 'block', maxWidth: '100%', maxHeight: '72vh', margin: '0 auto' }}
          />
        )}
        {file && file.mime === 'application/pdf' && <Pdf file={file} />}
      </Modal>
    </span>
  );
}
