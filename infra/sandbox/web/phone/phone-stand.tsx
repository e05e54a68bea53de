import type { StageView } from '../../src/stage/contract.js';
import { patch } from '../api.js';
import { useLanguage } from '../i18n.js';
import { Avatar } from './avatar.js';
import { corpOf } from './corp-of.js';
import { PlaceIcon, PlaceOffIcon, WifiIcon, WifiOffIcon } from './icons.js';
import { Phone, type PhoneCommand } from './phone.js';

interface PhoneStandProps {
  stage: StageView;
  userid: string;
  corpId: string;
  now: number;
  command: PhoneCommand | null;
  onPerson: (userid: string) => void;
  onCorp: (corpId: string) => void;
  onShowCall: ((logId: number) => void) | null;
}

/** A phone with its label: whose it is, in which company, and its switches. */
export function PhoneStand({ stage, userid, corpId, now, command, onPerson, onCorp, onShowCall }: PhoneStandProps) {
  const { t } = useLanguage();
  const person = stage.people.find((each) => each.userid === userid) ?? stage.people[0];
  if (!person) return null;
  const corp = corpOf(stage, person, corpId);
  const other = person.corps.find((each) => each.corpId !== corp?.corpId && each.unread > 0);
  const set = (change: { online?: boolean; locates?: boolean }): void =>
    void patch(`people/${person.userid}/phone`, change);
  return (
    <div className="stand">
      <div className="stand-label">
        <Avatar userid={person.userid} name={person.name} size={28} />
        <select
          className="stand-person"
          aria-label={t('choosePerson')}
          value={person.userid}
          onChange={(event) => onPerson(event.target.value)}
        >
          {stage.people.map((each) => (
            <option key={each.userid} value={each.userid}>
              {each.name} · {each.position}
              {each.unread > 0 ? ` (${each.unread})` : ''}
            </option>
          ))}
        </select>
        {person.platform === 'dingtalk' ? <span className="stand-platform">{t('dingtalk')}</span> : null}
        <select
          className="stand-corp"
          aria-label={t('company')}
          value={corp?.corpId}
          onChange={(event) => onCorp(event.target.value)}
        >
          {person.corps.map((each) => (
            <option key={each.corpId} value={each.corpId}>
              {each.corpName}
              {each.unread > 0 ? ` (${each.unread})` : ''}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={`stand-switch${person.locates ? '' : ' off'}`}
          aria-pressed={person.locates}
          title={person.locates ? t('locateOn') : t('locateOff')}
          aria-label={person.locates ? t('locateOn') : t('locateOff')}
          onClick={() => set({ locates: !person.locates })}
        >
          {person.locates ? <PlaceIcon size={18} /> : <PlaceOffIcon size={18} />}
        </button>
        <button
          type="button"
          className={`stand-switch${person.online ? '' : ' off'}`}
          aria-pressed={person.online}
          title={person.online ? t('networkOn') : t('networkOff')}
          aria-label={person.online ? t('networkOn') : t('networkOff')}
          onClick={() => set({ online: !person.online })}
        >
          {person.online ? <WifiIcon size={18} /> : <WifiOffIcon size={18} />}
        </button>
      </div>
      <div className="phone-case">
        {corp ? (
          <Phone
            person={person}
            corpId={corp.corpId}
            onCorp={onCorp}
            logins={stage.logins}
            now={now}
            consoleUrl={stage.consoleUrl}
            command={command}
            onShowCall={onShowCall}
          />
        ) : null}
        {other ? (
          <button type="button" className="other-corp" onClick={() => onCorp(other.corpId)}>
            {t('otherCompany', { corp: other.corpName, n: other.unread })}
            <b>{t('switchTo')}</b>
          </button>
        ) : null}
      </div>
    </div>
  );
}
