import { View } from '@tarojs/components';
import { type Catalog, crmForm, may } from '../data/forms.js';
import { visitFields } from '../data/visit-form.js';
import { useT } from '../i18n/index.js';
import { open } from '../platform/navigate.js';
import { Icon } from './icon.js';

/** True where visits can be logged: there are customers, a follow-up form that names one, and the right to add to it. */
export function mayLogVisit(catalog: Catalog | undefined): boolean {
  const customers = crmForm(catalog, 'customer');
  const followUp = crmForm(catalog, 'followUp');
  return !!customers && !!followUp && may(followUp, 'create') && visitFields(followUp, customers.id) !== undefined;
}

/** The floating 「记拜访」. */
export function Fab({ catalog }: { catalog: Catalog | undefined }) {
  const t = useT();
  if (!mayLogVisit(catalog)) return null;
  return (
    <View className="fab" onClick={() => open('/pages/visit/index')}>
      <Icon name="pen" />
      <View>{t('visit.title')}</View>
    </View>
  );
}
