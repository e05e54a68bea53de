import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Icon } from '../../components/icon.js';
import { destinationOf } from '../../data/destination.js';
import type { Catalog } from '../../data/forms.js';
import { usePlannedVisits } from '../../data/planned-visits.js';
import type { FormView } from '../../data/record-types.js';
import type { Task } from '../../data/tasks.js';
import { useT } from '../../i18n/index.js';
import { navigateTo } from '../../platform/contact.js';
import { open } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';

/** 今天的拜访: whom to see and what for; the arrow opens the map. */
export function Visits({ catalog, todos }: { catalog: Catalog | undefined; todos: readonly Task[] | undefined }) {
  const t = useT();
  const planned = usePlannedVisits(catalog, todos);
  if (!planned || planned.visits.length === 0) return null;
  const { customers, visits } = planned;
  return (
    <View>
      <View className="section-title">
        {t('workbench.visits')} <View className="task-count num">{visits.length}</View>
      </View>
      <View className="card">
        {visits.map(({ customer, plan }) => (
          <View
            key={customer.id}
            className="planned"
            hoverClass="is-pressed"
            onClick={() => open('/pages/record/index', { formId: customers.id, id: customer.id })}
          >
            <View className="planned__main">
              <View className="planned__name ellipsis">{customer.label}</View>
              <View className="muted ellipsis">{plan}</View>
            </View>
            <View
              className="planned__map"
              aria-label={t('customer.navigate')}
              onClick={(event) => {
                event.stopPropagation();
                void toMap(customers, customer.id, t('workbench.noAddress', { name: customer.label }));
              }}
            >
              <Icon name="nav" />
              <View className="planned__word">{t('customer.navigate')}</View>
            </View>
          </View>
        ))}
      </View>
    </View>
  );
}

async function toMap(customers: FormView, id: string, unknown: string): Promise<void> {
  try {
    const record = await api('records.get', { params: { formId: customers.id as FormId, id: id as RecordId } });
    const target = destinationOf(customers, record);
    if (target) navigateTo(target);
    else showNotice(unknown);
  } catch (error) {
    showNotice(messageOf(error));
  }
}
