import type { MyNotify, NotifyChoices, NotifySettings } from '@lianke/shared/chat/notify';
import type { Topic } from '@lianke/shared/chat/topics';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Card, Segmented, Skeleton } from 'antd';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { PageError } from '../app/page-error.js';
import { formatDatetime } from '../shared/format.js';
import { useNotifyText } from './i18n.js';
import styles from './notify.module.css';
import { QuietControls } from './quiet-box.js';
import { TopicControls } from './topics-box.js';

const key = ['notify', 'mine'];

/** 通知设置 of the reader himself. */
export function MyNotifyPage() {
  const text = useNotifyText();
  const { message } = App.useApp();
  const client = useQueryClient();
  const known = useQuery({ queryKey: key, queryFn: () => api('me.notify', {}) });
  if (known.error && !known.data) return <PageError error={known.error} retry={() => void known.refetch()} />;
  if (!known.data) return <Skeleton active style={{ padding: 24 }} />;
  const { own, company, settings } = known.data;
  const save = async (next: NotifyChoices) => {
    try {
      client.setQueryData(key, await api('me.saveNotify', { body: next }));
      message.success(text('saved'));
    } catch (error) {
      message.error(messageOf(error));
    }
  };
  const mine = own.quiet !== undefined || own.through !== undefined;
  const { quiet: _, through: __, ...others } = own;
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{text('mine')}</h1>
      <div className="muted">{text('mineHint')}</div>
      <Card size="small" title={text('quiet')} className={styles.card as string}>
        <p className="muted">{text('quietHint')}</p>
        <QuietNow notify={known.data} />
        <Segmented<'company' | 'own'>
          value={mine ? 'own' : 'company'}
          options={[
            { value: 'company', label: text('followCompany') },
            { value: 'own', label: text('own') },
          ]}
          onChange={(choice) =>
            void save(
              choice === 'own'
                ? { ...others, quiet: { ...settings.quiet, on: true }, through: settings.through }
                : others,
            )
          }
        />
        <div style={{ marginTop: 12 }}>
          {mine ? (
            <QuietControls value={settings} onChange={(part) => void save({ ...own, ...part })} />
          ) : (
            <CompanySays company={company} />
          )}
        </div>
      </Card>
      <Card size="small" title={text('topics')} className={styles.card as string}>
        <p className="muted">{text('topicsHint')}</p>
        <TopicControls
          chat={settings.chat}
          company={company.chat}
          onChange={(topic, on) => void save({ ...own, chat: chosen(own.chat, company.chat, topic, on) })}
        />
      </Card>
    </div>
  );
}

/** What is as the company has it follows the company from then on. */
function chosen(own: NotifyChoices['chat'], company: NotifySettings['chat'], topic: Topic, on: boolean) {
  const { [topic]: _, ...rest } = own ?? {};
  return on === company[topic] ? rest : { ...rest, [topic]: on };
}

function QuietNow({ notify }: { notify: MyNotify }) {
  const text = useNotifyText();
  if (!notify.quietUntil) return null;
  const time = formatDatetime(notify.quietUntil, 'minute').slice(-5);
  return (
    <Alert
      type="info"
      showIcon
      style={{ marginBottom: 12 }}
      title={notify.held > 0 ? text('nowHeld', { n: notify.held, time }) : text('nowQuiet', { time })}
    />
  );
}

function CompanySays({ company: { quiet, through } }: { company: NotifySettings }) {
  const text = useNotifyText();
  if (!quiet.on) return <span className="muted">{text('none')}</span>;
  const passing = (['approvals', 'urgent'] as const).filter((each) => through[each]).map((each) => text(each));
  const parts = [
    text(quiet.to < quiet.from ? 'saysNext' : 'says', { from: quiet.from, to: quiet.to }),
    ...(quiet.restDays ? [text('saysRest')] : []),
    ...(passing.length > 0 ? [text('saysThrough', { what: passing.join(text('and')) })] : []),
  ];
  return <span>{parts.join(text('comma'))}</span>;
}
