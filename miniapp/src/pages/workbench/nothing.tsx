import { View } from '@tarojs/components';
import { Button } from '../../components/button.js';
import { customerChoice, neglectedFilter, neglectedView } from '../../data/customers.js';
import { type Catalog, crmForm } from '../../data/forms.js';
import { countOf } from '../../data/month.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

/** 「今天没有待办。30 天没联系的客户有 12 家」 + 看看 */
export function Nothing({ catalog }: { catalog: Catalog | undefined }) {
  const t = useT();
  const form = crmForm(catalog, 'customer');
  const filter = form && neglectedFilter(form);
  const count = useResource(form && filter ? `data:${form.id}:neglected` : null, () =>
    form && filter ? countOf(form, filter) : Promise.resolve(0),
  );
  const look = () => {
    customerChoice.set({ view: neglectedView, search: '' });
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
