import type { NotifySettings } from '@lianke/shared/chat/notify';
import { offeredTopics, type Topic } from '@lianke/shared/chat/topics';
import { Switch } from 'antd';
import { useNotifyText } from './i18n.js';
import styles from './notify.module.css';

interface Props {
  chat: NotifySettings['chat'];
  /** The company's, where a member chooses for himself. */
  company?: NotifySettings['chat'];
  onChange: (topic: Topic, on: boolean) => void;
}

/** Which topics reach the chat: one switch each. */
export function TopicControls({ chat, company, onChange }: Props) {
  const text = useNotifyText();
  return (
    <div className={styles.topics}>
      {offeredTopics.map((topic) => (
        <div key={topic} className={styles.topic}>
          <div>
            <div>{text(`topic.${topic}`)}</div>
            <div className="muted">
              {company && company[topic] !== chat[topic]
                ? text(company[topic] ? 'differs.on' : 'differs.off')
                : text(`topic.${topic}.hint`)}
            </div>
          </div>
          <Switch checked={chat[topic]} aria-label={text(`topic.${topic}`)} onChange={(on) => onChange(topic, on)} />
        </div>
      ))}
    </div>
  );
}
