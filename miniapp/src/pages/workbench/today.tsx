import { groupThousands } from '@lianke/shared/fields/number/numeral';
import { View } from '@tarojs/components';
import { customerChoice, neglected, useViews } from '../../data/customers.js';
import { type Catalog, crmForm } from '../../data/forms.js';
import { countOf } from '../../data/month.js';
import { useResource } from '../../data/resource.js';
import { type Task, todayCounts } from '../../data/tasks.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

interface Props {
  loaded: boolean;
  items: readonly Task[];
  catalog: Catalog | undefined;
}

/** 「今天 3 件：2 个回访，1 个审批」, or what to do on a day without to-dos. */
export function TodayLine({ loaded, items, catalog }: Props) {
  const t = useT();
  if (!loaded) return <View className="bone today__bone" />;
  if (items.length === 0) return <Nothing catalog={catalog} />;
  const { todos, approvals, overdue } = todayCounts(items);
  const parts = [
    todos > 0 ? t('workbench.todos', { n: todos }) : '',
    approvals > 0 ? t('workbench.approvals', { n: approvals }) : '',
  ].filter(Boolean);
  const count = todos + approvals;
  return (
    <View className="today__line">
      {count > 0 ? t('workbench.today', { n: count, parts: parts.join(t('common.commaWide')) }) : t('workbench.none')}
      {overdue > 0 ? <View className="today__late">{t('workbench.overdue', { n: overdue })}</View> : null}
    </View>
  );
}

/** 「今天没有待办。30 天没联系的客户有 12 家」 + 看看 */
function Nothing({ catalog }: { catalog: Catalog | undefined }) {
  const t = useT();
  const form = crmForm(catalog, 'customer');
  const views = useViews(form);
  const found = form && views.data ? neglected(form, views.data) : undefined;
  const count = useResource(form && found ? `data:${form.id}:neglected` : null, () =>
    form && found ? countOf(form, found.filter) : Promise.resolve(0),
  );
  const look = () => {
    if (found) customerChoice.set({ view: found.key, search: '' });
    open('/pages/customers/index');
  };
  if (!count.data) return <View className="today__line">{t('workbench.none')}</View>;
  return (
    <View>
      <View className="today__line">{t('workbench.neglected', { n: groupThousands(String(count.data)) })}</View>
      <View className="today__act link" hoverClass="is-pressed" onClick={look}>
        {t('workbench.look')}
      </View>
    </View>
  );
}
