import { View } from '@tarojs/components';
import { useState } from 'react';
import { useMembers } from '../data/members.js';
import { useFoundByName } from '../data/withheld.js';
import { useT } from '../i18n/index.js';
import { useSession } from '../session/session.js';
import { Failed } from './empty.js';
import { Icon } from './icon.js';
import { Named } from './named.js';
import { SearchBox } from './search-box.js';
import { SkeletonRows } from './skeleton.js';

interface Props {
  chosen: readonly string[];
  /** Only these may be chosen; every colleague when empty. */
  only: readonly string[];
  onTap(id: string): void;
}

/** Colleagues to choose from, with a search above. */
export function MemberRows({ chosen, only, onTap }: Props) {
  const t = useT();
  const { me } = useSession();
  const [search, setSearch] = useState('');
  const members = useMembers();
  const all = members.data?.items ?? [];
  const byName = useFoundByName(
    search,
    all.map((member) => member.name),
  );
  const shown = all.filter(
    (member) =>
      member.state === 'active' &&
      (only.length === 0 ? member.id !== me?.member.id : only.includes(member.id)) &&
      (member.name.toLowerCase().includes(search.toLowerCase()) || byName.has(member.id)),
  );
  return (
    <View>
      <View className="sheet-search">
        <SearchBox value={search} placeholder={t('common.search')} onSearch={setSearch} />
      </View>
      {members.loading && !members.data ? <SkeletonRows count={5} /> : null}
      {members.error && !members.data ? <Failed error={members.error} onRetry={members.reload} /> : null}
      {shown.map((member) => (
        <View key={member.id} className="option" hoverClass="is-pressed" onClick={() => onTap(member.id)}>
          <View className="option__main">
            <View>
              <Named text={member.name} />
            </View>
            <View className="muted ellipsis">
              <Named text={member.departments.map((d) => d.label).join(t('common.comma'))} />
            </View>
          </View>
          {chosen.includes(member.id) ? <Icon name="check" className="option__check" /> : null}
        </View>
      ))}
      {members.data && shown.length === 0 ? <View className="empty">{t('list.noMatch', { text: search })}</View> : null}
    </View>
  );
}
