/**
 * True for a key that belongs to an input method (pinyin being composed): it never submits, searches or leaves a cell.
 * Safari ends the composition before the key that ended it, which then carries only its old code 229.
 */
export function isComposing(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229;
}
