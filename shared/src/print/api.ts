import { z } from 'zod';
import { uuidOf } from '../ids.js';
import { mostPrinted } from './limits.js';

export const printFormats = ['pdf', 'docx'] as const;
export type PrintFormat = (typeof printFormats)[number];

const templateId = uuidOf<'printTemplate'>();

/** A Word file with placeholders, by which a form's records are printed. */
export const printTemplateView = z.object({
  id: templateId,
  formId: uuidOf<'form'>(),
  name: z.string(),
  fileName: z.string(),
  size: z.number().int(),
  /** Chosen when nobody chooses; without one the built-in layout is. */
  isDefault: z.boolean(),
  /** What the file asks for, and what of it the form does not have (any more). */
  placeholders: z.array(z.string()),
  unknown: z.array(z.string()),
  updatedAt: z.string(),
});
export type PrintTemplateView = z.infer<typeof printTemplateView>;

export const updatePrintTemplateBody = z.object({
  name: z.string().trim().min(1).max(60).optional(),
  isDefault: z.boolean().optional(),
});

export const printQuery = z.object({
  /** The built-in layout when absent. */
  templateId: templateId.optional(),
  format: z.enum(printFormats).default('pdf'),
});

export const printBody = z.object({
  ids: z.array(uuidOf<'record'>()).min(1).max(mostPrinted, `一次最多打印 ${mostPrinted} 条`),
  templateId: templateId.optional(),
  format: z.enum(printFormats).default('pdf'),
  /** All in one file, or a zip with a file for each record. Word files always come as a zip. */
  bundle: z.enum(['one', 'zip']).default('one'),
  /** A page each, or sheets of QR labels to cut out, which are always one PDF without a template. */
  layout: z.enum(['page', 'labels']).default('page'),
});
export type PrintBody = z.infer<typeof printBody>;
