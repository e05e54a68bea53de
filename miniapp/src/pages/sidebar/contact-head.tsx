import { View } from '@tarojs/components';
import { Tag } from '../../components/tag.js';
import type { SidebarView } from '../../data/sidebar.js';
import { useT } from '../../i18n/index.js';

/** Who is on the other side of the chat, by the chat's own word. */
export function ContactHead({ contact }: { contact: SidebarView['contact'] }) {
  const t = useT();
  const line = [contact.company, contact.position].filter(Boolean).join(' · ');
  const noted = [contact.remark, ...contact.mobiles].filter(Boolean).join(' · ');
  return (
    <View className="side-head">
      <View className="side-head__face">{contact.name.slice(-2)}</View>
      <View className="side-head__main">
        <View className="side-head__top">
          <View className="side-head__name ellipsis">{contact.name}</View>
          <Tag label={t(`sidebar.kind.${contact.kind}`)} color={contact.kind === 'wechat' ? 'green' : 'blue'} />
        </View>
        {line ? <View className="muted ellipsis">{line}</View> : null}
        {noted ? <View className="muted ellipsis">{t('sidebar.noted', { text: noted })}</View> : null}
        {contact.tags.length > 0 ? (
          <View className="side-head__tags">
            {contact.tags.map((tag) => (
              <Tag key={tag} label={tag} color="gray" />
            ))}
          </View>
        ) : null}
      </View>
    </View>
  );
}
