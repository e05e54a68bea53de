const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/**
 * The record that a QR code of this product names; undefined for any other code, and for records of other forms. Codes hold
 * `…/r/<form>/<id>`; the console's address (`…/forms/<form>/records/<id>`) and the phone's (`…?formId=<form>&id=<id>`) will do.
 */
export function recordInCode(text: string, formId: string): string | undefined {
  const path = new RegExp(`/(?:r/|forms/)(${uuid})/(?:records/)?(${uuid})`, 'i').exec(text);
  if (path) return path[1]?.toLowerCase() === formId ? path[2]?.toLowerCase() : undefined;
  const form = new RegExp(`[?&]formId=(${uuid})`, 'i').exec(text)?.[1]?.toLowerCase();
  return form === formId ? new RegExp(`[?&]id=(${uuid})`, 'i').exec(text)?.[1]?.toLowerCase() : undefined;
}
