import type { FormId, RecordId } from '@lianke/shared/ids';
import { recordInCode } from '@lianke/shared/records/record-code';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Empty, Failed } from '../../components/empty.js';
import { Icon } from '../../components/icon.js';
import { Sheet } from '../../components/sheet.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { distanceText } from '../../data/distance.js';
import type { FormView, Ref } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { scanCode } from '../../platform/scan.js';
import { showNotice } from '../../store/notice.js';
import { withinMetres } from './nearest.js';
import type { PlaceState } from './place.js';

interface Props {
  customers: FormView;
  place: PlaceState;
  onPick(customer: Ref): void;
}

/** 附近 and 扫一扫: the customer one stands in front of, without typing his name. */
export function PickByPlace({ customers, place, onPick }: Props) {
  const t = useT();
  const [near, setNear] = useState(false);
  const scan = async () => {
    const answer = await scanCode();
    if (answer.kind === 'none') return;
    if (answer.kind === 'impossible') return showNotice(t('field.cannotScan'));
    const id = recordInCode(answer.text, customers.id);
    if (!id) return showNotice(t('visit.otherCode'));
    try {
      const record = await api('records.get', {
        params: { formId: customers.id as FormId, id: id as RecordId },
      });
      onPick({ id: record.id, label: record.label });
    } catch (error) {
      showNotice(messageOf(error));
    }
  };
  return (
    <View className="visit-ways">
      <View className="visit-way" hoverClass="is-pressed" onClick={() => setNear(true)}>
        <Icon name="place" small /> {t('nearby.title')}
      </View>
      <View className="visit-way" hoverClass="is-pressed" onClick={() => void scan()}>
        <Icon name="scan" small /> {t('visit.scan')}
      </View>
      {near ? (
        <NearSheet
          customers={customers}
          place={place}
          onPick={(customer) => {
            setNear(false);
            onPick(customer);
          }}
          onClose={() => setNear(false)}
        />
      ) : null}
    </View>
  );
}

function NearSheet({ customers, place, onPick, onClose }: Props & { onClose(): void }) {
  const t = useT();
  const here = place.found;
  const found = useResource(here ? `data:${customers.id}:near:${here.lat}:${here.lng}` : null, async () => {
    if (!here) return [];
    const body = { lat: here.lat, lng: here.lng, within: withinMetres, limit: 50 };
    return (await api('records.nearby', { params: { formId: customers.id as FormId }, body })).items;
  });
  return (
    <Sheet title={t('nearby.title')} onClose={onClose}>
      {place.state === 'off' ? (
        <Empty text={t('nearby.noPlace')} action={t('common.retry')} onAction={place.again} />
      ) : null}
      {place.state === 'busy' || (here && found.loading && !found.data) ? <SkeletonRows count={5} /> : null}
      {found.error && !found.data && !found.loading ? (
        <Failed error={found.error} onRetry={() => void found.reload()} />
      ) : null}
      {found.data?.map(({ record, distance }) => (
        <View
          key={record.id}
          className="option"
          hoverClass="is-pressed"
          onClick={() => onPick({ id: record.id, label: record.label })}
        >
          <View className="option__main">{record.label || t('record.untitled')}</View>
          <View className="muted num">{distanceText(t, distance)}</View>
        </View>
      ))}
      {found.data?.length === 0 ? <Empty text={t('nearby.none', { km: withinMetres / 1000 })} /> : null}
    </Sheet>
  );
}
