interface MaskableField {
  key: string;
  writable: boolean;
  masked?: boolean | undefined;
}

/** The fields as they are in one record: those with stars in it are masked and not to be written. */
export function fieldsIn<Field extends MaskableField>(
  fields: readonly Field[],
  record: { masked?: readonly string[] | undefined } | undefined,
): Field[] {
  const masked = record?.masked;
  return masked
    ? fields.map((field) => (masked.includes(field.key) ? { ...field, masked: true, writable: false } : field))
    : [...fields];
}

/** The form as it is in one record; see {@link fieldsIn}. */
export function formIn<Form extends { fields: readonly MaskableField[] }>(
  form: Form,
  record: { masked?: readonly string[] | undefined } | undefined,
): Form {
  return record?.masked ? { ...form, fields: fieldsIn(form.fields, record) } : form;
}
