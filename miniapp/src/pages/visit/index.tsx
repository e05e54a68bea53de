import { View } from '@tarojs/components';
import { useRouter } from '@tarojs/taro';
import { Empty, Failed } from '../../components/empty.js';
import { Screen } from '../../components/screen.js';
import { SkeletonPage } from '../../components/skeleton.js';
import { crmForm, useCatalog } from '../../data/forms.js';
import { waitingById } from '../../data/outbox.js';
import { todoFormFor } from '../../data/todo-form.js';
import { visitFields } from '../../data/visit-form.js';
import { useT } from '../../i18n/index.js';
import { VisitForm } from './visit-form.js';
import './index.scss';

/** 记拜访: one page, saved with or without a network; with `waiting` one that waits to be sent. */
export default function VisitPage() {
  const t = useT();
  const { params } = useRouter();
  const catalog = useCatalog();
  const customers = crmForm(catalog.data, 'customer');
  const followUp = crmForm(catalog.data, 'followUp');
  const fields = customers && followUp ? visitFields(followUp, customers.id) : undefined;
  return (
    <Screen title={t('visit.title')} bar>
      {customers && followUp && fields ? (
        <VisitForm
          customers={customers}
          followUp={followUp}
          fields={fields}
          todo={todoFormFor(catalog.data, customers.id)}
          customerId={params.customerId || undefined}
          waiting={params.waiting ? waitingById(params.waiting) : undefined}
        />
      ) : null}
      {!fields && catalog.loading ? (
        <View>
          <SkeletonPage />
        </View>
      ) : null}
      {!fields && !catalog.loading && catalog.error ? (
        <Failed error={catalog.error} onRetry={() => void catalog.reload()} />
      ) : null}
      {!fields && !catalog.loading && catalog.data ? <Empty text={t('visit.noForm')} /> : null}
    </Screen>
  );
}
