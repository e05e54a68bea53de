import { groupThousands } from '@lianke/shared/fields/number/numeral';
import type { TargetFigure } from '@lianke/shared/targets/api';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { targetsKey } from '../../data/keys.js';
import { useResource } from '../../data/resource.js';
import { figureParts } from '../../fields/decimal.js';
import { type Translate, useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';
import { useSession } from '../../session/session.js';

/** 我的目标: each figure against its target; a tap opens its records. */
export function Targets() {
  const t = useT();
  const { me } = useSession();
  const figures = useResource(
    me ? targetsKey(me.member.id) : null,
    async () => (await api('targets.mine', {})).items,
    true,
  );
  const shown = figures.data ?? [];
  if (shown.length === 0) return null;
  const look = (figure: TargetFigure) =>
    open('/pages/list/index', { formId: figure.formId, filter: JSON.stringify(figure.drill), title: figure.name });
  return (
    <View>
      <View className="section-title">{t('targets.title')}</View>
      <View className="card targets">
        {shown.map((figure) => (
          <View
            key={`${figure.id}/${figure.subject.id}`}
            className="targets__item"
            hoverClass="is-pressed"
            onClick={() => look(figure)}
          >
            <View className="targets__line">
              <View className="ellipsis">
                {figure.subject.id === me?.member.id ? figure.name : `${figure.name} · ${figure.subject.label}`}
              </View>
              <View className="muted">{leftText(t, figure)}</View>
            </View>
            <View className="targets__line">
              <View className="targets__value num">{amount(t, figure.actual, figure.unit)}</View>
              <View className="muted num">
                {t('targets.of', { target: amount(t, figure.target, figure.unit) })}
                {figure.percent === null ? '' : ` · ${figure.percent}%`}
              </View>
            </View>
            <View className="targets__bar">
              <View
                className={`targets__done ${(figure.percent ?? 100) >= 100 ? 'targets__done--all' : ''}`}
                style={{ width: `${Math.min(100, figure.percent ?? 100)}%` }}
              />
            </View>
          </View>
        ))}
      </View>
    </View>
  );
}

function leftText(t: Translate, { percent, daysLeft }: TargetFigure): string {
  if (percent !== null && percent >= 100) return t('targets.done');
  return daysLeft === 1 ? t('targets.last') : t('targets.left', { n: daysLeft });
}

/** 「35.2 万元」 where money is large, else the number with its unit. */
function amount(t: Translate, value: string, unit: string): string {
  if (unit === '元') return t('money.amount', figureParts(value, t));
  return unit ? `${groupThousands(value)} ${unit}` : groupThousands(value);
}
