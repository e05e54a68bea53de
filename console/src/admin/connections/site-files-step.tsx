import { UploadOutlined } from '@ant-design/icons';
import type { BodyOf } from '@lianke/shared/api/contracts';
import { siteFileContent, siteFileName } from '@lianke/shared/chat/site-files';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Popconfirm, Upload } from 'antd';
import { type ReactNode, useState } from 'react';
import styles from '../admin.module.css';
import { CopyLine } from '../copy-line.js';
import { useText } from '../i18n.js';
import { useConnectionText } from './connection-i18n.js';
import { TextLine } from './lines.js';
import { Labelled, Step } from './step.js';
import type { Connection } from './use-connection.js';

type SiteFile = BodyOf<'connections.putFile'>;
type Placed = Connection['siteFiles'][number];

interface SiteFilesStepProps {
  n: number;
  connection: Connection | undefined;
  busy: boolean;
  /** True when the file is in its place. */
  onPut: (file: SiteFile) => Promise<boolean>;
  onRemove: (name: string) => void;
  /** What else there is to say about the domain. */
  children: ReactNode;
}

/** 设置可信域名: the domain, and the files by which WeCom checks whose it is; green when they can be opened. */
export function SiteFilesStep({ n, connection, busy, onPut, onRemove, children }: SiteFilesStepProps) {
  const text = useText();
  const say = useConnectionText();
  const files = connection?.siteFiles ?? [];
  const seen = useQuery({
    queryKey: ['site-files', files],
    enabled: files.length > 0,
    queryFn: async () => joined(await Promise.all(files.map(served))),
  });
  const state = files.length === 0 ? undefined : (seen.data ?? 'filesChecking');
  return (
    <Step
      n={n}
      title={text('stepDomain')}
      where={text('stepDomainWhere')}
      ok={state === 'filesServed' ? true : state === 'filesNotServed' ? false : null}
      message={say(state ?? 'filesUnseen')}
    >
      {children}
      <div className="muted">{say(connection ? 'filesHint' : 'filesSaveFirst')}</div>
      {files.map((file) => (
        <Labelled key={file.name} label={say('fileAddress')}>
          <CopyLine name={file.name} value={file.url} />
          <Button type="link" href={file.url} target="_blank" rel="noreferrer">
            {say('fileOpen')}
          </Button>
          <Popconfirm
            title={say('fileRemoveAsk', { name: file.name })}
            okButtonProps={{ danger: true }}
            onConfirm={() => onRemove(file.name)}
          >
            <Button type="link" danger disabled={busy}>
              {say('fileRemove')}
            </Button>
          </Popconfirm>
        </Labelled>
      ))}
      {connection && <NewFile busy={busy} onPut={onPut} />}
    </Step>
  );
}

/** A file chosen from the disk, or typed as it stands in the platform's console. */
function NewFile({ busy, onPut }: Pick<SiteFilesStepProps, 'busy' | 'onPut'>) {
  const say = useConnectionText();
  const [typing, setTyping] = useState(false);
  const [name, setName] = useState('');
  const [content, setContent] = useState('');
  const [wrong, setWrong] = useState(false);
  const put = async (file: SiteFile) => {
    const right = siteFileName.safeParse(file.name).success && siteFileContent.safeParse(file.content).success;
    setWrong(!right);
    if (!right || !(await onPut(file))) return;
    setTyping(false);
    setName('');
    setContent('');
  };
  return (
    <>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        <Upload
          accept=".txt"
          showUploadList={false}
          beforeUpload={async (file) => {
            await put({ name: file.name, content: await file.text() });
            return Upload.LIST_IGNORE;
          }}
        >
          <Button icon={<UploadOutlined />} loading={busy}>
            {say('fileUpload')}
          </Button>
        </Upload>
        {!typing && (
          <Button type="link" onClick={() => setTyping(true)}>
            {say('filePaste')}
          </Button>
        )}
      </div>
      {wrong && <Alert type="error" showIcon title={say('fileNotOne')} />}
      {typing && (
        <>
          <div className={styles.pair}>
            <TextLine
              id="file-name"
              label={say('fileName')}
              value={name}
              onChange={setName}
              maxLength={60}
              placeholder="WW_verify_….txt"
            />
            <TextLine
              id="file-content"
              label={say('fileContent')}
              value={content}
              onChange={setContent}
              maxLength={200}
            />
          </div>
          <div>
            <Button
              disabled={name.trim() === '' || content === ''}
              loading={busy}
              onClick={() => void put({ name: name.trim(), content: content.trim() })}
            >
              {say('filePut')}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

type Seen = 'filesServed' | 'filesNotServed' | 'filesElsewhere';

/** Whether a file is found where the platform will look; another origin's content is not for a page to read. */
async function served({ url, content }: Placed): Promise<Seen> {
  if (new URL(url).origin !== window.location.origin) return 'filesElsewhere';
  try {
    const answer = await fetch(url, { cache: 'no-store', credentials: 'omit' });
    return answer.ok && (await answer.text()) === content ? 'filesServed' : 'filesNotServed';
  } catch {
    return 'filesNotServed';
  }
}

function joined(each: readonly Seen[]): Seen {
  return each.find((one) => one === 'filesNotServed') ?? each.find((one) => one === 'filesElsewhere') ?? 'filesServed';
}
