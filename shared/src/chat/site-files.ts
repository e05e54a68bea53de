import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';

/** Name of the file with which WeCom checks that a domain is the company's (域名归属校验). */
export const siteFileName = z
  .string()
  .regex(/^WW_verify_[A-Za-z0-9]{8,40}\.txt$/, 'site_file_name' satisfies ShapeText);

/** What stands in it: printable ASCII, kept byte by byte. */
export const siteFileContent = z.string().regex(/^[\x20-\x7e\r\n\t]{1,200}$/, 'site_file_content' satisfies ShapeText);

/** How many files a connection may have: one for each of its domains and apps. */
export const maxSiteFiles = 10;
