import { useEffect, useState } from 'react';
import type { StageView } from '../src/stage/contract.js';
import { useLanguage } from './i18n.js';
import { useConnected, useLive, useNow } from './live.js';
import { corpOf } from './phone/corp-of.js';
import { PhoneStand } from './phone/phone-stand.js';

/**
 * One phone, made to stand in a frame at the console's right edge. `?user=` and `?corp=` choose whose. Tells the page
 * around it how much is unread: `{type: 'lianke-sandbox', unread, total}` for this person and for everybody.
 */
export function Drawer() {
  const { t } = useLanguage();
  const { data: stage } = useLive<StageView>(
    'stage',
    (event) => event.kind !== 'log' && event.kind !== 'steps' && event.kind !== 'card',
  );
  const connected = useConnected();
  const now = useNow(stage?.ahead ?? 0);
  const asked = new URLSearchParams(location.search);
  const [chosen, setChosen] = useState<{ userid: string | null; corpId: string | null }>({
    userid: asked.get('user'),
    corpId: asked.get('corp'),
  });
  const person =
    stage?.people.find((each) => each.userid.toLowerCase() === chosen.userid?.toLowerCase()) ?? stage?.people[0];
  const unread = person?.unread ?? 0;
  const total = stage?.people.reduce((sum, each) => sum + each.unread, 0) ?? 0;

  useEffect(() => {
    if (window.parent !== window) window.parent.postMessage({ type: 'lianke-sandbox', unread, total }, '*');
  }, [unread, total]);

  if (!stage || !person) return <div className="page-loading">{connected ? t('loading') : t('lost')}</div>;
  const corpId = corpOf(stage, person, chosen.corpId)?.corpId ?? '';
  return (
    <div className="drawer">
      {connected ? null : <div className="lost-strip">{t('lost')}</div>}
      <PhoneStand
        stage={stage}
        userid={person.userid}
        corpId={corpId}
        now={now}
        command={null}
        onPerson={(userid) => setChosen({ ...chosen, userid })}
        onCorp={(corp) => setChosen({ ...chosen, corpId: corp })}
        onShowCall={null}
      />
    </div>
  );
}
