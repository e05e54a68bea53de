import { View } from '@tarojs/components';
import type { Catalog } from '../../data/forms.js';
import { monthKey } from '../../data/keys.js';
import { type Figure, monthFigures } from '../../data/month.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { useSession } from '../../session/session.js';

/** 我的本月: each figure opens its records. */
export function Month({ catalog }: { catalog: Catalog | undefined }) {
  const t = useT();
  const { me } = useSession();
  const figures = useResource(
    me && catalog && catalog.forms.length > 0 ? monthKey(me.member.id) : null,
    () => (catalog ? monthFigures(catalog) : Promise.resolve([])),
    true,
  );
  const shown = figures.data ?? [];
  if (figures.data && shown.length === 0) return null;
  if (!figures.data && !figures.loading) return null;
  if (!catalog || catalog.forms.length === 0) return null;
  const look = (figure: Figure) =>
    open('/pages/list/index', { formId: figure.formId, filter: JSON.stringify(figure.filter), title: figure.label });
  return (
    <View>
      <View className="section-title">{t('month.title')}</View>
      <View className="card month">
        {shown.map((figure) => (
          <View key={figure.key} className="month__cell" hoverClass="is-pressed" onClick={() => look(figure)}>
            <View className="month__value num">
              {figure.value}
              {figure.unit ? <View className="month__unit">{figure.unit}</View> : null}
            </View>
            <View className="month__label">{figure.label}</View>
          </View>
        ))}
        {figures.data ? null : (
          <View className="month__cell">
            <View className="bone month__bone" />
          </View>
        )}
      </View>
    </View>
  );
}
