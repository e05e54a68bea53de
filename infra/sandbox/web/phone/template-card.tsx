import { useState } from 'react';
import type { CardView, PersonView } from '../../src/stage/contract.js';
import type { Selections, TemplateCard } from '../../src/wecom/card-types.js';
import { post } from '../api.js';
import { refusalText, useLanguage } from '../i18n.js';
import { CardInputs, presetSelections } from './card-inputs.js';
import type { OpenTarget } from './conversation.js';
import { RightIcon } from './icons.js';

interface TemplateCardProps {
  cardId: string;
  view: CardView;
  person: PersonView;
  appName: string;
  onOpen: OpenTarget;
}

const SOURCE_TONES = ['#8a8f99', '#1d2129', '#d54941', '#07a35a'];

/** A template card as WeCom draws it: source line, title, facts, buttons, and one grey text once it is decided. */
export function TemplateCardView({ cardId, view, person, appName, onOpen }: TemplateCardProps) {
  const { t, language } = useLanguage();
  const { card } = view;
  const [chosen, setChosen] = useState<Selections>(() => presetSelections(card));
  const [problem, setProblem] = useState<string | null>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const follow = (target: { type?: number; url?: string; pagepath?: string } | undefined, title: string): void => {
    if (target?.type === 1 && target.url) void onOpen({ url: target.url }, title);
    if (target?.type === 2) void onOpen({ pagepath: target.pagepath ?? '' }, title);
  };
  const press = async (key: string): Promise<void> => {
    setMenuOpen(false);
    setProblem(null);
    try {
      await post(`cards/${cardId}/press`, { userid: person.userid, key, selections: chosen });
    } catch (error) {
      setProblem(refusalText(error, language, t));
    }
  };
  const last = view.presses.at(-1);
  const waiting =
    last !== undefined && last.state !== 'failed' && view.replaced === null && (view.updatedAt ?? 0) < last.at;
  const clickable = (card.card_action?.type ?? 0) > 0;

  return (
    <article className="card template" data-card={cardId} data-replaced={view.replaced ?? undefined}>
      {card.source || card.action_menu ? (
        <div className="card-source-line">
          <span className="card-source" style={{ color: SOURCE_TONES[card.source?.desc_color ?? 0] }}>
            {card.source?.icon_url ? <img src={card.source.icon_url} alt="" /> : null}
            {card.source?.desc}
          </span>
          {card.action_menu ? (
            <span className="card-menu">
              <button type="button" aria-label={card.action_menu.desc ?? '…'} onClick={() => setMenuOpen(!menuOpen)}>
                ···
              </button>
              {menuOpen ? (
                <span className="card-menu-list">
                  {card.action_menu.action_list.map((item) => (
                    <button key={item.key} type="button" onClick={() => void press(item.key)}>
                      {item.text}
                    </button>
                  ))}
                </span>
              ) : null}
            </span>
          ) : null}
        </div>
      ) : null}
      <CardFacts
        card={card}
        clickable={clickable}
        onOpen={() => follow(card.card_action, card.main_title?.title ?? appName)}
        onLink={(url) => void onOpen({ url }, appName)}
      />
      <CardInputs card={card} chosen={chosen} frozen={view.replaced !== null} onChoose={setChosen} />
      {view.replaced !== null ? (
        <button type="button" className="card-final" onClick={() => void press(last?.key ?? '')}>
          {view.replaced}
        </button>
      ) : (
        <CardButtons
          card={card}
          busy={!person.online}
          onPress={(key) => void press(key)}
          onLink={(url) => void onOpen({ url }, appName)}
        />
      )}
      {card.jump_list?.map((jump) => (
        <button key={jump.title} type="button" className="card-jump" onClick={() => follow(jump, jump.title)}>
          {jump.title}
          {jump.type ? <RightIcon size={16} /> : null}
        </button>
      ))}
      {waiting ? <div className="card-note">{t('submitted')}</div> : null}
      {last?.state === 'failed' && view.replaced === null ? (
        <div className="card-note bad">
          {t('notDelivered', { problem: last.problem ?? '' })}
          {last.deliveryId ? (
            <button type="button" onClick={() => void post(`deliveries/${last.deliveryId}/redeliver`)}>
              {t('redeliver')}
            </button>
          ) : null}
        </div>
      ) : null}
      {problem ? <div className="card-note bad">{problem}</div> : null}
    </article>
  );
}

function CardFacts({
  card,
  clickable,
  onOpen,
  onLink,
}: {
  card: TemplateCard;
  clickable: boolean;
  onOpen: () => void;
  onLink: (url: string) => void;
}) {
  const body = (
    <>
      {card.card_image ? (
        <img
          className="card-image"
          src={card.card_image.url}
          alt=""
          style={{ aspectRatio: card.card_image.aspect_ratio ?? 1.3 }}
        />
      ) : null}
      {card.main_title?.title ? <h3>{card.main_title.title}</h3> : null}
      {card.main_title?.desc ? <p className="card-desc">{card.main_title.desc}</p> : null}
      {card.emphasis_content ? (
        <div className="card-emphasis">
          <b>{card.emphasis_content.title}</b>
          <span>{card.emphasis_content.desc}</span>
        </div>
      ) : null}
      {card.image_text_area ? (
        <div className="card-image-text">
          <img src={card.image_text_area.image_url} alt="" />
          <span>
            <b>{card.image_text_area.title}</b>
            <small>{card.image_text_area.desc}</small>
          </span>
        </div>
      ) : null}
      {card.sub_title_text ? <p className="card-sub">{card.sub_title_text}</p> : null}
      {card.quote_area ? (
        <blockquote className="card-quote">
          {card.quote_area.title ? <b>{card.quote_area.title}</b> : null}
          {card.quote_area.quote_text}
        </blockquote>
      ) : null}
      {card.vertical_content_list?.map((item) => (
        <div key={item.title} className="card-vertical">
          <b>{item.title}</b>
          <span>{item.desc}</span>
        </div>
      ))}
    </>
  );
  return (
    <>
      {clickable ? (
        <button type="button" className="card-facts" onClick={onOpen}>
          {body}
        </button>
      ) : (
        <div className="card-facts">{body}</div>
      )}
      {card.horizontal_content_list ? (
        <dl className="card-rows">
          {card.horizontal_content_list.map((item) => (
            <div key={item.keyname}>
              <dt>{item.keyname}</dt>
              <dd>
                {item.type === 1 && item.url ? (
                  <button type="button" className="text-link" onClick={() => onLink(item.url ?? '')}>
                    {item.value}
                  </button>
                ) : (
                  <span className={item.type === 3 ? 'text-link' : undefined}>{item.value}</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  );
}

function CardButtons({
  card,
  busy,
  onPress,
  onLink,
}: {
  card: TemplateCard;
  busy: boolean;
  onPress: (key: string) => void;
  onLink: (url: string) => void;
}) {
  const buttons = card.button_list ?? (card.submit_button ? [{ ...card.submit_button, style: 1 }] : []);
  if (buttons.length === 0) return null;
  return (
    <div className={`card-buttons${buttons.length > 2 ? ' stacked' : ''}`}>
      {buttons.map((button) => (
        <button
          key={button.key ?? button.text}
          type="button"
          className={`style-${button.style ?? 1}`}
          disabled={busy}
          onClick={() => ('url' in button && button.url ? onLink(button.url) : onPress(button.key ?? ''))}
        >
          {button.text}
        </button>
      ))}
    </div>
  );
}
