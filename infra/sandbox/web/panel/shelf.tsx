import type { PersonView } from '../../src/stage/contract.js';
import { useLanguage } from '../i18n.js';
import { Avatar, Badge } from '../phone/avatar.js';

interface ShelfProps {
  people: PersonView[];
  shown: string[];
  onPick: (userid: string) => void;
}

/** The demo's people; a click puts one on a phone. */
export function Shelf({ people, shown, onPick }: ShelfProps) {
  const { t } = useLanguage();
  return (
    <fieldset className="shelf" aria-label={t('people')}>
      {people.map((person) => {
        const place = shown.indexOf(person.userid);
        return (
          <button
            key={person.userid}
            type="button"
            className={place >= 0 ? 'on' : undefined}
            title={place >= 0 ? t('onPhone', { n: place + 1 }) : t('putOnPhone')}
            data-person={person.userid}
            onClick={() => onPick(person.userid)}
          >
            <span className="shelf-face">
              <Avatar userid={person.userid} name={person.name} size={34} />
              <Badge count={person.unread} />
            </span>
            <span className="shelf-words">
              <b>{person.name}</b>
              <small>{person.position}</small>
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}
