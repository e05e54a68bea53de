import type { PersonView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import { Avatar, Badge } from './avatar.js';
import { CheckIcon } from './icons.js';

/** 我: who this is, and the companies this person belongs to. */
export function MeTab({
  person,
  corpId,
  onCorp,
}: {
  person: PersonView;
  corpId: string;
  onCorp: (corpId: string) => void;
}) {
  const { t } = useLanguage();
  const current = person.corps.find((corp) => corp.corpId === corpId);
  return (
    <>
      <header className="phone-bar">
        <span />
        <h2>{t('me')}</h2>
        <span />
      </header>
      <div className="phone-scroll">
        <div className="me-head">
          <Avatar userid={person.userid} name={person.name} size={56} />
          <span>
            <b>{person.name}</b>
            <small>{person.position}</small>
          </span>
        </div>
        <dl className="me-facts">
          <div>
            <dt>{t('department')}</dt>
            <dd>{current?.departments.join('、')}</dd>
          </div>
          <div>
            <dt>{t('userid')}</dt>
            <dd>{person.userid}</dd>
          </div>
        </dl>
        <h4 className="work-title">{t('company')}</h4>
        <div className="me-corps">
          {person.corps.map((corp) => (
            <button key={corp.corpId} type="button" onClick={() => onCorp(corp.corpId)}>
              <span>{corp.corpName}</span>
              <Badge count={corp.unread} />
              {corp.corpId === corpId ? <CheckIcon size={18} /> : null}
            </button>
          ))}
        </div>
      </div>
    </>
  );
}
