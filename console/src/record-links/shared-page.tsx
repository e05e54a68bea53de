import { PaperClipOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { SharedPage } from '@lianke/shared/record-links/api';
import { Button, ConfigProvider, Form, Image, Input, Result, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router-dom';
import { api } from '../api/client.js';
import { isCode, messageOf } from '../api/errors.js';
import frame from '../public-forms/visit.module.css';
import { formatBytes, formatDatetime } from '../shared/format.js';
import { useLinkText } from './i18n.js';
import styles from './shared.module.css';

type Cell = SharedPage['tables'][number]['rows'][number][number];

/** `/s/:token`: a record as somebody without an account sees it. */
export function SharedRecordPage() {
  const text = useLinkText();
  const { t } = useTranslation('common');
  const { token = '' } = useParams();
  const [page, setPage] = useState<SharedPage>();
  const [failure, setFailure] = useState<unknown>();
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is what asks again
  useEffect(() => {
    let current = true;
    setFailure(undefined);
    api('shared.open', { params: { token }, body: {} }).then(
      (answer) => current && setPage(answer),
      (error) => current && setFailure(error),
    );
    return () => {
      current = false;
    };
  }, [token, round]);

  useEffect(() => {
    if (page?.title) document.title = page.title;
  }, [page]);

  const gone = isCode(failure, 'not_found') || isCode(failure, 'link_ended');
  return (
    <ConfigProvider componentSize="large">
      <main className={frame.page}>
        <div className={frame.sheet}>
          {failure !== undefined ? (
            <Result
              status="info"
              title={gone ? text('ended') : messageOf(failure)}
              subTitle={gone ? text('endedHint') : undefined}
              extra={gone ? undefined : <Button onClick={() => setRound(round + 1)}>{text('retry')}</Button>}
            />
          ) : !page ? (
            <Skeleton active paragraph={{ rows: 6 }} />
          ) : page.state === 'password' ? (
            <Password token={token} onOpen={setPage} />
          ) : (
            <Shown token={token} page={page} />
          )}
        </div>
        <div className={frame.foot}>
          {page && text('validUntil', { company: page.company, time: formatDatetime(page.expiresAt) })}
          {!page && t('product')}
        </div>
      </main>
    </ConfigProvider>
  );
}

function Password({ token, onOpen }: { token: string; onOpen: (page: SharedPage) => void }) {
  const text = useLinkText();
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  async function enter() {
    if (password === '' || busy) return;
    setBusy(true);
    try {
      onOpen(await api('shared.open', { params: { token }, body: { password } }));
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Form layout="vertical" onFinish={() => void enter()}>
      <Form.Item
        label={text('enterPassword')}
        htmlFor="shared-password"
        validateStatus={failure ? 'error' : ''}
        help={failure || undefined}
      >
        <Input.Password
          id="shared-password"
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy} disabled={password === ''}>
        {text('enter')}
      </Button>
    </Form>
  );
}

function Shown({ token, page }: { token: string; page: SharedPage }) {
  const text = useLinkText();
  const address = (id: string) => urlOf('shared.file', { token, id }, { pass: page.pass });
  const content = (cell: Cell) =>
    cell.files.length > 0 ? (
      <span className={styles.files}>
        {cell.files.map((file) =>
          file.image ? (
            <Image key={file.id} src={address(file.id)} alt={file.name} width={96} />
          ) : (
            <a key={file.id} href={address(file.id)} target="_blank" rel="noreferrer">
              <PaperClipOutlined /> {file.name} <span className="muted">{formatBytes(file.size)}</span>
            </a>
          ),
        )}
      </span>
    ) : (
      cell.text || <span className="muted">{text('empty')}</span>
    );
  const nothing = page.sections.length === 0 && page.tables.length === 0;
  return (
    <>
      <h1>{page.title}</h1>
      {nothing && <p className="muted">{text('noFields')}</p>}
      {page.sections.map((section, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sections have no identity but their place
        <section key={index}>
          {section.title && <h3 className={styles.heading}>{section.title}</h3>}
          <dl className={styles.facts}>
            {section.fields.map((field) => (
              <div key={field.name}>
                <dt>{field.name}</dt>
                <dd>{content(field)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {page.tables.map((table) => (
        <section key={table.name}>
          <h3 className={styles.heading}>{table.name}</h3>
          <div className={styles.scroll}>
            <table className={styles.table}>
              <thead>
                <tr>
                  {table.columns.map((name) => (
                    <th key={name}>{name}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {table.rows.map((row, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
                  <tr key={at}>
                    {row.map((cell, column) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: cells have none either
                      <td key={column}>{content(cell)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </>
  );
}
