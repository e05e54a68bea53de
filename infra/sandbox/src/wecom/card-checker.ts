import type { CardType, Question, TemplateCard } from './card-types.js';
import { WecomError } from './errors.js';
import { bytes, characters, int, isUrl, type Json, needText, object, objects, text } from './reader.js';

/** Reads the parts of one card, each with the checks of WW/90236; collects advice that is no error. */
export class Checker {
  readonly warnings: string[] = [];

  constructor(
    private readonly raw: Json,
    private readonly type: CardType,
    private readonly fileOf?: (mediaId: string) => unknown,
  ) {}

  /** Warns when a text is longer than recommended (WW/90236), measured in characters. */
  private advise(value: string | undefined, limit: number, name: string): void {
    if (value !== undefined && characters(value) > limit)
      this.warnings.push(`${name} 建议不超过 ${limit} 字，现有 ${characters(value)} 字，手机上会折叠`);
  }

  source(): TemplateCard['source'] {
    const raw = object(this.raw.source, 'source');
    if (!raw) return undefined;
    const desc = text(raw.desc, 'source.desc');
    this.advise(desc, 20, 'source.desc');
    return {
      ...optional('icon_url', text(raw.icon_url, 'source.icon_url')),
      ...optional('desc', desc),
      ...optional('desc_color', among(raw.desc_color, 3, 'source.desc_color')),
    };
  }

  actionMenu(): TemplateCard['action_menu'] {
    const raw = object(this.raw.action_menu, 'action_menu');
    if (!raw) return undefined;
    const list = objects(raw.action_list, 'action_menu.action_list').map((item) => ({
      text: needText(item.text, 42038, 'action_menu.action_list.text'),
      key: this.key(item.key, 42039, 'action_menu.action_list.key'),
    }));
    if (list.length < 1 || list.length > 3)
      throw new WecomError(40058, 'action_menu.action_list must hold 1 to 3 items');
    unique(
      list.map((item) => item.key),
      42051,
      'action_menu.action_list.key',
    );
    return { ...optional('desc', text(raw.desc, 'action_menu.desc')), action_list: list };
  }

  mainTitle(): TemplateCard['main_title'] {
    const raw = object(this.raw.main_title, 'main_title');
    const title = text(raw?.title, 'main_title.title');
    const desc = text(raw?.desc, 'main_title.desc');
    const either =
      this.type === 'text_notice' && typeof this.raw.sub_title_text === 'string' && this.raw.sub_title_text !== '';
    const needed = this.type === 'text_notice' || this.type === 'news_notice' || this.type === 'button_interaction';
    if (!title && needed && !either) throw new WecomError(42033);
    this.advise(title, this.type === 'vote_interaction' ? 16 : 36, 'main_title.title');
    this.advise(
      desc,
      this.type === 'vote_interaction' || this.type === 'multiple_interaction' ? 160 : 44,
      'main_title.desc',
    );
    return raw ? { ...optional('title', title), ...optional('desc', desc) } : undefined;
  }

  quoteArea(): TemplateCard['quote_area'] {
    const raw = object(this.raw.quote_area, 'quote_area');
    if (!raw) return undefined;
    const type = among(raw.type, 2, 'quote_area.type') ?? 0;
    return {
      type,
      ...link(raw, type, 'quote_area'),
      ...optional('title', text(raw.title, 'quote_area.title')),
      ...optional('quote_text', text(raw.quote_text, 'quote_area.quote_text')),
    };
  }

  emphasis(): TemplateCard['emphasis_content'] {
    const raw = object(this.raw.emphasis_content, 'emphasis_content');
    if (!raw) return undefined;
    const title = text(raw.title, 'emphasis_content.title');
    const desc = text(raw.desc, 'emphasis_content.desc');
    this.advise(title, 14, 'emphasis_content.title');
    this.advise(desc, 22, 'emphasis_content.desc');
    return { ...optional('title', title), ...optional('desc', desc) };
  }

  subTitle(): string | undefined {
    const value = text(this.raw.sub_title_text, 'sub_title_text');
    this.advise(value, 160, 'sub_title_text');
    return value;
  }

  horizontal(): TemplateCard['horizontal_content_list'] {
    const list = objects(this.raw.horizontal_content_list, 'horizontal_content_list');
    if (list.length > 6) throw new WecomError(42035, `${list.length} > 6`);
    return nonEmpty(
      list.map((item) => {
        const keyname = needText(item.keyname, 42027, 'horizontal_content_list.keyname');
        const value = text(item.value, 'horizontal_content_list.value');
        const type = among(item.type, 3, 'horizontal_content_list.type') ?? 0;
        this.advise(keyname, 5, 'horizontal_content_list.keyname');
        this.advise(value, 30, 'horizontal_content_list.value');
        if (type === 1 && !isUrl(item.url)) throw new WecomError(42028, 'horizontal_content_list.url');
        const media = type === 2 ? this.file(item.media_id) : undefined;
        const userid = type === 3 ? needText(item.userid, 42050, 'horizontal_content_list.userid') : undefined;
        return {
          keyname,
          type,
          ...optional('value', value),
          ...optional('url', type === 1 ? String(item.url) : undefined),
          ...optional('media_id', media),
          ...optional('userid', userid),
        };
      }),
    );
  }

  /** A line of the card that is a file: only robots can upload one here. */
  private file(value: unknown): string {
    const mediaId = needText(value, 42029, 'horizontal_content_list.media_id');
    if (!this.fileOf) throw new WecomError(42029, 'horizontal_content_list.media_id');
    this.fileOf(mediaId);
    return mediaId;
  }

  vertical(): TemplateCard['vertical_content_list'] {
    const list = objects(this.raw.vertical_content_list, 'vertical_content_list');
    if (list.length > 4) throw new WecomError(42036, `${list.length} > 4`);
    return nonEmpty(
      list.map((item) => ({
        title: needText(item.title, 42036, 'vertical_content_list.title'),
        ...optional('desc', text(item.desc, 'vertical_content_list.desc')),
      })),
    );
  }

  image(): Pick<TemplateCard, 'card_image' | 'image_text_area'> {
    const image = object(this.raw.card_image, 'card_image');
    const area = object(this.raw.image_text_area, 'image_text_area');
    if (!image && !area) throw new WecomError(42044, 'card_image or image_text_area is required');
    if (image && !isUrl(image.url)) throw new WecomError(42044);
    if (area && !isUrl(area.image_url)) throw new WecomError(42044, 'image_text_area.image_url');
    const ratio = typeof image?.aspect_ratio === 'number' ? image.aspect_ratio : undefined;
    if (ratio !== undefined && (ratio < 1.3 || ratio > 2.25))
      this.warnings.push('card_image.aspect_ratio 应在 1.3 与 2.25 之间');
    return {
      ...(image ? { card_image: { url: String(image.url), ...optional('aspect_ratio', ratio) } } : {}),
      ...(area
        ? {
            image_text_area: {
              image_url: String(area.image_url),
              ...optional('title', text(area.title, 'image_text_area.title')),
              ...optional('desc', text(area.desc, 'image_text_area.desc')),
            },
          }
        : {}),
    };
  }

  jumps(): TemplateCard['jump_list'] {
    const list = objects(this.raw.jump_list, 'jump_list');
    if (list.length > 3) throw new WecomError(42042, `${list.length} > 3`);
    return nonEmpty(
      list.map((item) => {
        const title = needText(item.title, 42042, 'jump_list.title');
        this.advise(title, 18, 'jump_list.title');
        const type = among(item.type, 2, 'jump_list.type') ?? 0;
        return { title, type, ...link(item, type, 'jump_list') };
      }),
    );
  }

  cardAction(): TemplateCard['card_action'] {
    const raw = object(this.raw.card_action, 'card_action');
    const required = this.type === 'text_notice' || this.type === 'news_notice';
    if (!raw) {
      if (required) throw new WecomError(42045, 'card_action is required');
      return undefined;
    }
    const type = int(raw.type, 'card_action.type') ?? 0;
    if (type < (required ? 1 : 0) || type > 2) throw new WecomError(42045, `card_action.type ${type}`);
    return { type, ...link(raw, type, 'card_action') };
  }

  buttons(): TemplateCard['button_list'] {
    const list = objects(this.raw.button_list, 'button_list').map((item) => {
      const label = needText(item.text, 42038, 'button_list.text');
      this.advise(label, 10, 'button_list.text');
      const type = int(item.type, 'button_list.type') ?? 0;
      const style = int(item.style, 'button_list.style') ?? 1;
      if (style < 1 || style > 4) throw new WecomError(40058, 'button_list.style must be 1 to 4');
      if (type === 1) {
        if (!isUrl(item.url)) throw new WecomError(42028, 'button_list.url');
        return { type, text: label, style, url: item.url };
      }
      if (type !== 0) throw new WecomError(40058, `button_list.type ${type}`);
      return { type, text: label, style, key: this.key(item.key, 42039, 'button_list.key') };
    });
    if (list.length < 1 || list.length > 6) throw new WecomError(40058, 'button_list must hold 1 to 6 buttons');
    unique(
      list.flatMap((item) => ('key' in item && item.key ? [item.key] : [])),
      42039,
      'button_list.key',
    );
    return list;
  }

  question(raw: Json, name: string, limit: number): Question {
    const options = this.options(raw.option_list, `${name}.option_list`, limit);
    const selected = text(raw.selected_id, `${name}.selected_id`);
    if (selected !== undefined && !options.some((option) => option.id === selected))
      throw new WecomError(42040, `${name}.selected_id ${selected}`);
    return {
      question_key: this.key(raw.question_key, 42043, `${name}.question_key`),
      ...optional('selected_id', selected),
      ...(raw.disable === true ? { disable: true } : {}),
      option_list: options,
    };
  }

  private options(value: unknown, name: string, limit: number): { id: string; text: string; is_checked?: boolean }[] {
    const list = objects(value, name);
    if (list.length < 1 || list.length > limit) throw new WecomError(42037, `${name} must hold 1 to ${limit} options`);
    const options = list.map((item) => ({
      id: needText(item.id, 42040, `${name}.id`),
      text: needText(item.text, 42041, `${name}.text`),
      ...(item.is_checked === true ? { is_checked: true } : {}),
    }));
    unique(
      options.map((option) => option.id),
      42040,
      `${name}.id`,
    );
    return options;
  }

  buttonSelection(): TemplateCard['button_selection'] {
    const raw = object(this.raw.button_selection, 'button_selection');
    return raw
      ? {
          ...this.question(raw, 'button_selection', 10),
          ...optional('title', text(raw.title, 'button_selection.title')),
        }
      : undefined;
  }

  checkbox(): TemplateCard['checkbox'] {
    const raw = object(this.raw.checkbox, 'checkbox');
    if (!raw) throw new WecomError(42037, 'checkbox is required');
    const mode = int(raw.mode, 'checkbox.mode') ?? 0;
    if (mode !== 0 && mode !== 1) throw new WecomError(40058, 'checkbox.mode must be 0 or 1');
    const question = this.question(raw, 'checkbox', 20);
    return { ...question, mode, option_list: this.options(raw.option_list, 'checkbox.option_list', 20) };
  }

  selects(): TemplateCard['select_list'] {
    const list = objects(this.raw.select_list, 'select_list');
    if (list.length < 1 || list.length > 3) throw new WecomError(42047, 'select_list must hold 1 to 3 lists');
    return list.map((item) => ({
      ...this.question(item, 'select_list', 10),
      ...optional('title', text(item.title, 'select_list.title')),
    }));
  }

  submit(): TemplateCard['submit_button'] {
    const raw = object(this.raw.submit_button, 'submit_button');
    const label = needText(raw?.text, 42049, 'submit_button.text');
    this.advise(label, 10, 'submit_button.text');
    return { text: label, key: this.key(raw?.key, 42046, 'submit_button.key') };
  }

  private key(value: unknown, errcode: number, name: string): string {
    const key = needText(value, errcode, name);
    if (bytes(key) > 1024) throw new WecomError(errcode, `${name} is longer than 1024 bytes`);
    return key;
  }
}

function optional<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [key in K]?: V };
}

/** A number from 0 to `most`, each with a meaning of its own. */
function among(value: unknown, most: number, name: string): number | undefined {
  const read = int(value, name);
  if (read !== undefined && (read < 0 || read > most)) throw new WecomError(40058, `${name} ${read}`);
  return read;
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function unique(keys: string[], errcode: number, name: string): void {
  if (new Set(keys).size !== keys.length) throw new WecomError(errcode, `${name} must be unique`);
}

/** The target of type 1 (url) or 2 (mini-program). */
function link(raw: Json, type: number, name: string): { url?: string; appid?: string; pagepath?: string } {
  if (type === 1) {
    if (!isUrl(raw.url)) throw new WecomError(42028, `${name}.url`);
    return { url: raw.url };
  }
  if (type !== 2) return {};
  return {
    appid: needText(raw.appid, 42030, `${name}.appid`),
    ...optional('pagepath', text(raw.pagepath, `${name}.pagepath`)),
  };
}
