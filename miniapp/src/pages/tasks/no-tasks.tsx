import { Empty } from '../../components/empty.js';
import { useT } from '../../i18n/index.js';

interface Props {
  /** Said of a list that is narrowed to nothing. */
  none: string;
  search: string;
  /** Takes the filter away that leaves nothing. */
  onClear: (() => void) | undefined;
}

/** An empty list of 待办, and what makes it so. */
export function NoTasks({ none, search, onClear }: Props) {
  const t = useT();
  if (onClear) return <Empty text={t('filter.none')} action={t('filter.clear')} onAction={onClear} />;
  return <Empty text={search ? t('list.noMatch', { text: search }) : none} />;
}
