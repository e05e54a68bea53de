import type { MessageView, PersonView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import type { OpenTarget } from './conversation.js';
import { DingCardView, DingNoticeView } from './ding-card.js';
import { GroupFile, GroupPicture, RobotActionCard } from './group-parts.js';
import { RightIcon } from './icons.js';
import { CardText, LinkedText, Markdown } from './rich-text.js';
import { TemplateCardView } from './template-card.js';

interface MessageBodyProps {
  message: MessageView;
  person: PersonView;
  appName: string;
  onOpen: OpenTarget;
}

/** One message by its kind. */
export function MessageBody({ message, person, appName, onOpen }: MessageBodyProps) {
  const { t } = useLanguage();
  const { content } = message;
  const link = (url: string): void => void onOpen({ url }, appName);
  switch (content.kind) {
    case 'text':
      return (
        <div className="bubble">
          <LinkedText text={content.text} onLink={link} />
        </div>
      );
    case 'markdown':
    case 'markdown_v2':
      return (
        <div className="bubble">
          <Markdown text={content.text} onLink={link} second={content.kind === 'markdown_v2'} />
        </div>
      );
    case 'textcard':
      return (
        <button type="button" className="card card-button" onClick={() => link(content.url)}>
          <h3>{content.title}</h3>
          <p className="card-desc">
            <CardText text={content.description} />
          </p>
          <span className="card-more">
            {content.btntxt}
            <RightIcon size={16} />
          </span>
        </button>
      );
    case 'news':
      return (
        <div className="card news">
          {content.articles.map((article) => (
            <button
              type="button"
              key={`${article.title}${article.url}${article.pagepath}`}
              className="news-item"
              onClick={() =>
                void onOpen(article.pagepath ? { pagepath: article.pagepath } : { url: article.url }, article.title)
              }
            >
              <span>
                <b>{article.title}</b>
                {article.description ? <small>{article.description}</small> : null}
              </span>
              {article.picurl ? <img src={article.picurl} alt="" /> : null}
            </button>
          ))}
        </div>
      );
    case 'miniprogram_notice':
      return (
        <button
          type="button"
          className="card card-button"
          onClick={() => void onOpen({ pagepath: content.page }, appName)}
        >
          <span className="card-source">{appName}</span>
          <h3>{content.title}</h3>
          {content.description ? <p className="card-desc">{content.description}</p> : null}
          <dl className="card-rows">
            {content.items.map((item, index) => (
              <div key={item.key} className={content.emphasisFirst && index === 0 ? 'emphasis-row' : undefined}>
                <dt>{item.key}</dt>
                <dd>{item.value}</dd>
              </div>
            ))}
          </dl>
          <span className="card-more">
            {t('details')}
            <RightIcon size={16} />
          </span>
        </button>
      );
    case 'image':
      return <GroupPicture url={content.url} />;
    case 'file':
    case 'voice':
      return <GroupFile content={content} />;
    case 'ding_action_card':
      return <RobotActionCard card={content} onOpen={onOpen} />;
    case 'ding_card':
      return <DingCardView id={message.id} card={content} person={person} appName={appName} onOpen={onOpen} />;
    case 'ding_notice':
      return <DingNoticeView notice={content} appName={appName} onOpen={onOpen} />;
    case 'ding_text':
      return <div className="bubble pre">{content.text}</div>;
    case 'template_card':
      return message.card ? (
        <TemplateCardView cardId={message.id} view={message.card} person={person} appName={appName} onOpen={onOpen} />
      ) : null;
  }
}
