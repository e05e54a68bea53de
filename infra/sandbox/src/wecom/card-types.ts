/** A template card as the application sends it (WW/90236), every list already checked to be a list of objects. */
export interface TemplateCard {
  card_type: CardType;
  source?: { icon_url?: string; desc?: string; desc_color?: number };
  action_menu?: { desc?: string; action_list: { text: string; key: string }[] };
  main_title?: { title?: string; desc?: string };
  quote_area?: { type?: number; url?: string; appid?: string; pagepath?: string; title?: string; quote_text?: string };
  emphasis_content?: { title?: string; desc?: string };
  sub_title_text?: string;
  horizontal_content_list?: {
    keyname: string;
    value?: string;
    type?: number;
    url?: string;
    media_id?: string;
    userid?: string;
  }[];
  vertical_content_list?: { title: string; desc?: string }[];
  card_image?: { url: string; aspect_ratio?: number };
  image_text_area?: { type?: number; url?: string; title?: string; desc?: string; image_url: string };
  jump_list?: { type?: number; title: string; url?: string; appid?: string; pagepath?: string }[];
  card_action?: { type: number; url?: string; appid?: string; pagepath?: string };
  task_id?: string;
  button_selection?: Question & { title?: string };
  button_list?: { type?: number; text: string; style?: number; key?: string; url?: string }[];
  checkbox?: {
    question_key: string;
    mode?: number;
    disable?: boolean;
    option_list: { id: string; text: string; is_checked?: boolean }[];
  };
  select_list?: (Question & { title?: string })[];
  submit_button?: { text: string; key: string };
  replace_text?: string;
}

export interface Question {
  question_key: string;
  selected_id?: string;
  disable?: boolean;
  option_list: { id: string; text: string }[];
}

export const CARD_TYPES = [
  'text_notice',
  'news_notice',
  'button_interaction',
  'vote_interaction',
  'multiple_interaction',
] as const;
export type CardType = (typeof CARD_TYPES)[number];

/** Card kinds that carry something to press and therefore a response code. */
export const INTERACTIVE: readonly CardType[] = ['button_interaction', 'vote_interaction', 'multiple_interaction'];

/** One member's copy of a card: the platform keeps them apart, so an update may reach one and not the other. */
export interface Face {
  card: TemplateCard;
  /** Set when the buttons were replaced by one grey text that cannot be pressed. */
  replaced: string | null;
  updatedAt: number | null;
  presses: { key: string; at: number; deliveryId: string | null }[];
}

/** The question keys and chosen option ids that go with a press. */
export type Selections = Record<string, string[]>;

/** Content of a delivered message, as the phone shows it. */
export type MessageContent =
  | { kind: 'text'; text: string }
  | { kind: 'markdown'; text: string }
  | { kind: 'textcard'; title: string; description: string; url: string; btntxt: string }
  | { kind: 'news'; articles: { title: string; description: string; url: string; pagepath: string; picurl: string }[] }
  | {
      kind: 'miniprogram_notice';
      title: string;
      description: string;
      page: string;
      emphasisFirst: boolean;
      items: { key: string; value: string }[];
    }
  | { kind: 'template_card'; card: TemplateCard };
