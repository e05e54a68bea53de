import type { ReactNode } from 'react';
import type { Catalog } from '../data/forms.js';
import type { Resource } from '../data/resource.js';
import { useT } from '../i18n/index.js';
import { Empty, Failed, Missing } from './empty.js';

interface Props {
  catalog: Resource<Catalog>;
  /** Said when there is no such form for the reader. */
  text?: string;
  skeleton: ReactNode;
}

/** Why a page has no form to show: it is on its way, the forms could not be read, or the reader has none. */
export function NoForm({ catalog, text, skeleton }: Props) {
  const t = useT();
  if (catalog.loading) return <>{skeleton}</>;
  if (catalog.error) return <Failed error={catalog.error} onRetry={() => void catalog.reload()} />;
  return text ? <Empty text={text} /> : <Missing text={t('list.noForm')} />;
}
