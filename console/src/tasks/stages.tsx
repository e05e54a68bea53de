import type { TaskStage } from '@lianke/shared/tasks/api';
import { Steps } from 'antd';
import { useTranslation } from 'react-i18next';
import { pause } from '../i18n/punctuation.js';
import { formatRecent } from '../shared/format.js';
import { Named } from '../shared/named.js';

const status = { done: 'finish', rejected: 'error', current: 'process', coming: 'wait' } as const;

/** The progress picture: what is passed, where it stands, who waits there since when, and what comes. */
export function Stages({ stages }: { stages: readonly TaskStage[] }) {
  const { t } = useTranslation('taskActions');
  return (
    <Steps
      className="approval-stages"
      size="small"
      responsive
      titlePlacement="vertical"
      current={stages.findIndex((stage) => stage.state === 'current')}
      items={stages.map((stage) => ({
        title: stage.name,
        status: status[stage.state],
        content: (
          <span className="muted">
            {stage.people.length === 0 ? (
              t(`stage.${stage.state}`)
            ) : (
              <Named
                text={stage.people
                  .map((item) => (item.at ? `${item.who.label} ${formatRecent(item.at)}` : item.who.label))
                  .join(pause())}
              />
            )}
          </span>
        ),
      }))}
    />
  );
}
