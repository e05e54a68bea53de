import { useState } from 'react';
import type { GroupContent } from '../../src/groups/content.js';
import { sizeOf } from '../format.js';
import { useLanguage } from '../i18n.js';
import type { OpenTarget } from './conversation.js';
import { Markdown } from './rich-text.js';

/** A picture in a group: small in the conversation, whole when tapped. */
export function GroupPicture({ url }: { url: string }) {
  const { t } = useLanguage();
  const [whole, setWhole] = useState(false);
  return (
    <>
      <button type="button" className="group-picture" onClick={() => setWhole(true)}>
        <img src={url} alt={t('openPicture')} />
      </button>
      {whole ? (
        <button type="button" className="picture-whole" onClick={() => setWhole(false)}>
          <img src={url} alt={t('closePicture')} />
        </button>
      ) : null}
    </>
  );
}

/** A file or a voice message that a robot brought. */
export function GroupFile({ content }: { content: Extract<GroupContent, { kind: 'file' | 'voice' }> }) {
  const { t } = useLanguage();
  return (
    <div className="card group-file">
      <span className="group-file-mark">
        {content.kind === 'voice' ? 'AMR' : (/\.(\w{1,4})$/.exec(content.name)?.[1] ?? '?')}
      </span>
      <span>
        <b>{content.kind === 'voice' ? t('voice') : content.name}</b>
        <small>{sizeOf(content.bytes)}</small>
      </span>
    </div>
  );
}

/** An action card of DingTalk's robots: Markdown with links below, beside each other when there are two. */
export function RobotActionCard({
  card,
  onOpen,
}: {
  card: Extract<GroupContent, { kind: 'ding_action_card' }>;
  onOpen: OpenTarget;
}) {
  const open = (url: string): void => void onOpen({ url }, card.title);
  return (
    <article className="card ding-card robot-card">
      <Markdown text={card.text} onLink={open} />
      <div className={card.beside ? 'ding-buttons' : 'ding-buttons stacked'}>
        {card.buttons.map((button) => (
          <button key={`${button.title}${button.url}`} type="button" onClick={() => open(button.url)}>
            {button.title}
          </button>
        ))}
      </div>
    </article>
  );
}
