import { View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { Icon } from '../../components/icon.js';
import { destinationOf } from '../../data/destination.js';
import { toCustomerText } from '../../data/distance.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import { type Translate, useT } from '../../i18n/index.js';
import { currentPlace, metresBetween, type Place } from '../../platform/location.js';

export interface PlaceState {
  state: 'busy' | 'found' | 'off';
  found: Place | undefined;
  again(): void;
}

/**
 * Where the phone is, asked for once when the page opens.
 * @param known where it was, of a visit that was kept
 */
export function usePlace(wanted: boolean, known?: Place): PlaceState {
  const [round, setRound] = useState(0);
  const [place, setPlace] = useState<Pick<PlaceState, 'state' | 'found'>>({ state: 'busy', found: undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks once more
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    setPlace({ state: 'busy', found: undefined });
    void currentPlace().then((found) => {
      if (!gone) setPlace({ state: found ? 'found' : 'off', found });
    });
    return () => {
      gone = true;
    };
  }, [wanted, round]);
  if (known) return { state: 'found', found: known, again: () => undefined };
  if (!wanted && place.state === 'busy') return { state: 'off', found: undefined, again: () => undefined };
  return { ...place, again: () => setRound(round + 1) };
}

/** 「距客户地址 120 米」, or that the visit will be marked 无位置. */
export function PlaceLine({
  place,
  customers,
  record,
}: {
  place: PlaceState;
  customers: FormView;
  record: RecordRow | undefined;
}) {
  const t = useT();
  const doubtful = place.found?.mock === true;
  return (
    <View className="visit-place" onClick={place.state === 'off' ? place.again : undefined}>
      <Icon name="place" small className={place.state === 'found' ? 'visit-place__on' : ''} />
      <View className="visit-place__text">{placeText()}</View>
      {doubtful ? <View className="visit-place__mock">{t('visit.mock')}</View> : null}
    </View>
  );

  function placeText(): string {
    if (place.state === 'busy') return t('place.locating');
    if (!place.found) return t('visit.noPlace');
    return distanceText(t, place, customers, record) || t('place.found', { metres: place.found.accuracy ?? 0 });
  }
}

/** Metres from the phone to the customer's address; undefined when one of both places is not known. */
export function metresToCustomer(
  place: Pick<PlaceState, 'found'>,
  customers: FormView,
  record: RecordRow | undefined,
): number | undefined {
  const target = record && destinationOf(customers, record);
  if (!place.found || !target || 'address' in target) return undefined;
  return metresBetween(place.found, target);
}

/** 「距客户地址 120 米」; empty when one of both places is not known. */
export function distanceText(
  t: Translate,
  place: Pick<PlaceState, 'found'>,
  customers: FormView,
  record: RecordRow | undefined,
): string {
  const metres = metresToCustomer(place, customers, record);
  return metres === undefined ? '' : toCustomerText(t, metres);
}
