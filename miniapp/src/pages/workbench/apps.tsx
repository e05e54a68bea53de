import { View } from '@tarojs/components';
import { Icon } from '../../components/icon.js';
import type { Catalog } from '../../data/forms.js';
import { open } from '../../platform/navigate.js';
import { tileLook } from './tile-look.js';
import { Trial } from './trial.js';

/** Every app's dashboards and forms, one tap away. */
export function Apps({ catalog }: { catalog: Catalog | undefined }) {
  return (
    <View>
      {(catalog?.apps ?? [])
        .filter((app) => app.items.length > 0)
        .map((app) => (
          <View key={app.id}>
            <View className="section-title">
              {app.name}
              {app.trial ? <Trial appId={app.id} name={app.name} /> : null}
            </View>
            <View className="card apps">
              {app.items.map((item) => {
                const look = tileLook(item);
                return (
                  <View
                    key={`${item.kind}${item.id}`}
                    className="apps__item"
                    hoverClass="is-pressed"
                    onClick={() =>
                      item.kind === 'dashboard'
                        ? open('/report/pages/dashboard/index', { id: item.id })
                        : open('/pages/list/index', { formId: item.id })
                    }
                  >
                    <View className={`apps__icon tag--${look.tint}`}>
                      <Icon name={look.icon} />
                    </View>
                    <View className="apps__name">{item.name}</View>
                  </View>
                );
              })}
            </View>
          </View>
        ))}
    </View>
  );
}
