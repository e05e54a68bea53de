import type { Selections, TemplateCard } from '../../src/wecom/card-types.js';

/** What the card has chosen before anybody touched it. */
export function presetSelections(card: TemplateCard): Selections {
  const chosen: Selections = {};
  if (card.checkbox)
    chosen[card.checkbox.question_key] = card.checkbox.option_list
      .filter((option) => option.is_checked)
      .map((option) => option.id);
  for (const question of [...(card.select_list ?? []), ...(card.button_selection ? [card.button_selection] : [])]) {
    const first = question.selected_id ?? question.option_list[0]?.id;
    chosen[question.question_key] = first ? [first] : [];
  }
  return chosen;
}

interface CardInputsProps {
  card: TemplateCard;
  chosen: Selections;
  frozen: boolean;
  onChoose: (chosen: Selections) => void;
}

/** Check boxes and drop-downs of a card. */
export function CardInputs({ card, chosen, frozen, onChoose }: CardInputsProps) {
  const selects = [...(card.select_list ?? []), ...(card.button_selection ? [card.button_selection] : [])];
  const { checkbox } = card;
  const toggle = (id: string): void => {
    if (!checkbox) return;
    const now = chosen[checkbox.question_key] ?? [];
    const next = checkbox.mode === 1 ? (now.includes(id) ? now.filter((each) => each !== id) : [...now, id]) : [id];
    onChoose({ ...chosen, [checkbox.question_key]: next });
  };
  if (!checkbox && selects.length === 0) return null;
  return (
    <div className="card-inputs">
      {checkbox?.option_list.map((option) => (
        <label key={option.id} className="card-option">
          <input
            type={checkbox.mode === 1 ? 'checkbox' : 'radio'}
            checked={chosen[checkbox.question_key]?.includes(option.id) ?? false}
            disabled={frozen || checkbox.disable === true}
            onChange={() => toggle(option.id)}
          />
          {option.text}
        </label>
      ))}
      {selects.map((question) => (
        <label key={question.question_key} className="card-select">
          <span>{question.title}</span>
          <select
            value={chosen[question.question_key]?.[0] ?? ''}
            disabled={frozen || question.disable === true}
            onChange={(event) => onChoose({ ...chosen, [question.question_key]: [event.target.value] })}
          >
            {question.option_list.map((option) => (
              <option key={option.id} value={option.id}>
                {option.text}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
