import type { RatingConfig } from '@lianke/shared/fields/rating/schema';
import { View } from '@tarojs/components';
import { configOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { checkDecimal } from './decimal.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const { max = 5, half } = configOf<RatingConfig>(field);
  const stars = Number(value ?? 0) || 0;
  /** A second tap on the same star takes half of it, where halves may be given, and then the rating away. */
  const tap = (star: number) => {
    if (half && stars === star) onChange(String(star - 0.5));
    else if (stars === star || stars === star - 0.5) onChange(null);
    else onChange(String(star));
  };
  return (
    <View className="stars" aria-label={t('field.stars', { n: stars, max })}>
      {Array.from({ length: max }, (_, index) => index + 1).map((star) => (
        <View
          key={star}
          className={`stars__one ${stars >= star ? 'stars__one--on' : stars === star - 0.5 ? 'stars__one--half' : ''}`}
          onClick={() => tap(star)}
        >
          ★
        </View>
      ))}
    </View>
  );
}

export const ratingField: FieldRenderer = {
  Control,
  format: (value, field, { t }) => t('field.stars', { n: String(value), max: configOf<RatingConfig>(field).max ?? 5 }),
  check: (value, field) => checkDecimal(value, { min: 0.5, max: configOf<RatingConfig>(field).max ?? 5 }),
};
