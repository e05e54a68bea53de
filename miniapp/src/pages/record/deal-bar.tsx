import { dealFields } from '@lianke/shared/apps/open-deals';
import { View } from '@tarojs/components';
import { useFormat } from '../../data/context.js';
import { dealLine, useDeals } from '../../data/deals.js';
import type { Catalog } from '../../data/forms.js';
import type { FormView } from '../../data/record-types.js';
import { optionOf, optionsOf } from '../../fields/plain-values.js';
import { open } from '../../platform/navigate.js';

interface Props {
  catalog: Catalog | undefined;
  form: FormView;
  recordId: string;
}

/** How far a customer has come: the stage and amount of his newest open deal, which a tap opens. */
export function DealBar({ catalog, form, recordId }: Props) {
  const format = useFormat();
  const fields = dealFields(catalog);
  const deal = useDeals(catalog, form, [recordId]).get(recordId);
  if (!fields || !deal) return null;
  const stages = optionsOf(fields.stage);
  const stage = optionOf(fields.stage, deal.values[fields.stage.key]);
  const at = stages.findIndex(({ id }) => id === stage?.id);
  return (
    <View
      className="stages"
      hoverClass="is-pressed"
      onClick={() => open('/pages/record/index', { formId: fields.form.id, id: deal.id })}
    >
      <View className="stages__bar">
        {stages.map(({ id }, index) => (
          <View key={id} className={`stages__step ${index <= at ? 'stages__step--on' : ''}`} />
        ))}
      </View>
      <View className="stages__text">
        <View className="stages__name num">{dealLine(catalog, deal, format)}</View>
        <View className="muted ellipsis">{deal.label}</View>
      </View>
    </View>
  );
}
