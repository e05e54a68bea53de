import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';

/** For designers: what of the page readers do not see yet; nothing when they see all of it. */
export function DraftTag({ published, pending }: { published: boolean; pending: boolean }) {
  const { t } = useTranslation('dashboards');
  if (!published) return <Tag>{t('neverPublished')}</Tag>;
  return pending ? <Tag color="gold">{t('unpublished')}</Tag> : null;
}
