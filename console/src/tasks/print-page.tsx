import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { App, Button, Skeleton, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router-dom';
import { fileUrl } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { fetchFile, saveFile } from '../api/fetch-file.js';
import { PageError } from '../app/page-error.js';
import { aside } from '../i18n/punctuation.js';
import { usePrintText } from '../print/i18n.js';
import { formatDatetime } from '../shared/format.js';
import './i18n.js';
import { useEntryWord } from './entry-word.js';
import { RecordFacts } from './record-facts.js';
import './tasks.css';
import { useTask } from './use-tasks.js';
import './words.js';

/** `/tasks/:id/print`: the approval record on paper: what was asked, the record, and who answered when how. */
export function PrintPage() {
  const { t } = useTranslation('tasks');
  const { t: a } = useTranslation('taskActions');
  const { id = '' } = useParams();
  const print = usePrintText();
  const { message } = App.useApp();
  const wordOf = useEntryWord();
  const task = useTask(id);
  const savePdf = async () => {
    try {
      saveFile(await fetchFile('prints.approval', { params: { id } }));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  if (task.error && !task.data) return <PageError error={task.error} retry={() => void task.refetch()} />;
  if (!task.data) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 8 }} />;
  const { title, starter, facts, subject, progress, changedAfter } = task.data;
  return (
    <div className="approval-print">
      <Space className="no-print">
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
          {a('print')}
        </Button>
        <Button icon={<DownloadOutlined />} onClick={() => void savePdf()}>
          {print('approvalPdf')}
        </Button>
      </Space>
      <h1>{title}</h1>
      <p>
        {starter && t('approval.askedBy', { who: starter.label })} {formatDatetime(task.data.createdAt)}
        {changedAfter && <b> {a('changed')}</b>}
      </p>
      <dl className="approval-facts">
        {facts.map((fact) => (
          <div key={fact.label}>
            <dt>{fact.label}</dt>
            <dd>{fact.value}</dd>
          </div>
        ))}
      </dl>
      {subject && <RecordFacts formId={subject.formId} id={subject.id} hidden={task.data.fields} />}
      <h2>{a('printTitle')}</h2>
      <table>
        <tbody>
          {progress
            .filter((entry) => !['waiting', 'queued', 'closed', 'held'].includes(entry.action))
            .map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
              <tr key={index}>
                <td>{entry.node}</td>
                <td>
                  {entry.who?.label}
                  {entry.actingFor && `${aside(a('acting', { who: entry.actingFor.label }))}`}
                </td>
                <td>
                  {wordOf(entry)}
                  {entry.to && ` ${entry.to.label}`}
                  {entry.undone && aside(a('undone'))}
                </td>
                <td>
                  {entry.comment}
                  {entry.signature && (
                    <img className="approval-sign" src={fileUrl(entry.signature)} alt={a('signature')} />
                  )}
                </td>
                <td>{entry.at && formatDatetime(entry.at)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
