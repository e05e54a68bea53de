import { View } from '@tarojs/components';
import { Button } from '../../components/button.js';
import { customerChoice, neglected, useViews } from '../../data/customers.js';
import { type Catalog, crmForm } from '../../data/forms.js';
import { countOf } from '../../data/month.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

/** 「今天没有待办。30 天没联系的客户有 12 家」 + 看看 */
export function Nothing({ catalog }: { catalog: Catalog | undefined }) {
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
  return (
    <View className="card nothing">
      <View>{count.data ? t('workbench.neglected', { n: count.data }) : t('workbench.noTodos')}</View>
      {count.data ? (
        <View className="nothing__act">
          <Button onClick={look}>{t('workbench.look')}</Button>
        </View>
      ) : null}
    </View>
  );
}
