import type { Words } from '@lianke/shared/errors/issue-text';
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { type AppError, refusal } from '../../../kernel/errors/app-error.js';
import { element, inside, parseXml, writeXml, type XmlElement } from './xml.js';

const mostParts = 2000;
const mostBytes = 60 * 1024 * 1024;
const relationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const imageType = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/image';

export const documentPart = 'word/document.xml';

/** The parts of a docx file. */
export class DocxPackage {
  private readonly trees = new Map<string, XmlElement>();
  private media = 0;

  private constructor(private readonly parts: Map<string, Uint8Array>) {}

  /** Opens a file in bounded memory. @throws AppError `invalid_file`, saying what is wrong with it */
  static open(bytes: Uint8Array): DocxPackage {
    let total = 0;
    let count = 0;
    let parts: Record<string, Uint8Array>;
    try {
      parts = unzipSync(bytes, {
        filter: ({ originalSize }) => {
          total += originalSize;
          count += 1;
          if (total > mostBytes || count > mostParts) throw new TooBig();
          return true;
        },
      });
    } catch (error) {
      if (error instanceof TooBig)
        throw refused({
          zh: '解开后太大（超过 60 MB），请把模板里的大图片压缩后再上传',
          en: 'it is too large once unpacked (over 60 MB); compress the large pictures of the template and upload it again',
        });
      if (bytes[0] === 0xd0 && bytes[1] === 0xcf)
        throw refused({
          zh: '这是旧的 doc 格式或有密码，请在 Word 或 WPS 里另存为不加密的 docx',
          en: 'this is an old .doc file or has a password; save it as .docx without a password in Word or WPS',
        });
      throw refused({
        zh: '这不是 docx 文件，请在 Word 或 WPS 里另存为 docx 再上传',
        en: 'this is not a .docx file; save it as .docx in Word or WPS and upload that',
      });
    }
    const names = Object.keys(parts);
    if (names.some((name) => /vbaProject/i.test(name)))
      throw refused({
        zh: '模板里有宏，请另存为不带宏的 docx',
        en: 'the template contains macros; save it as .docx without macros',
      });
    const opened = new DocxPackage(new Map(Object.entries(parts)));
    if (!opened.parts.has(documentPart))
      throw refused({ zh: '这不是 Word 文档，请上传 docx', en: 'this is not a Word document; upload a .docx file' });
    try {
      opened.tree(documentPart);
    } catch {
      throw refused({
        zh: '文档内容读不出来，请在 Word 或 WPS 里打开后另存一次',
        en: 'the document cannot be read; open it in Word or WPS and save it again',
      });
    }
    return opened;
  }

  static from(parts: Record<string, string | Uint8Array>): DocxPackage {
    return new DocxPackage(
      new Map(
        Object.entries(parts).map(([name, content]) => [
          name,
          typeof content === 'string' ? strToU8(content) : content,
        ]),
      ),
    );
  }

  get names(): string[] {
    return [...this.parts.keys()];
  }

  bytes(name: string): Uint8Array | undefined {
    return this.parts.get(name);
  }

  /** A part as a tree; changes in it are kept. */
  tree(name: string): XmlElement {
    const kept = this.trees.get(name);
    if (kept) return kept;
    const part = this.parts.get(name);
    if (!part) throw new Error(`no part ${name}`);
    const tree = parseXml(strFromU8(part));
    this.trees.set(name, tree);
    return tree;
  }

  has(name: string): boolean {
    return this.parts.has(name);
  }

  /** What a part refers to by this id, as a part's name; undefined for addresses outside. */
  target(part: string, id: string): string | undefined {
    const found = inside(this.relations(part), 'Relationship').find((item) => item.attributes.Id === id);
    if (!found || found.attributes.TargetMode === 'External') return undefined;
    const target = found.attributes.Target ?? '';
    return target.startsWith('/') ? target.slice(1) : resolved(part, target);
  }

  /** Puts a picture into the package. @returns the id by which `part` refers to it */
  addImage(part: string, data: Uint8Array, format: 'png' | 'jpeg'): string {
    const relations = this.relations(part, true);
    const taken = new Set(inside(relations, 'Relationship').map((item) => item.attributes.Id));
    let name: string;
    do name = `word/media/lianke${++this.media}.${format}`;
    while (this.parts.has(name));
    this.parts.set(name, data);
    let id = `rIdLk${this.media}`;
    while (taken.has(id)) id += 'x';
    relations?.children.push(
      element('Relationship', { Id: id, Type: imageType, Target: `media/${name.split('/').at(-1)}` }),
    );
    const types = this.tree('[Content_Types].xml');
    if (!inside(types, 'Default').some((item) => item.attributes.Extension?.toLowerCase() === format))
      types.children.unshift(element('Default', { Extension: format, ContentType: `image/${format}` }));
    return id;
  }

  write(): Buffer {
    const files: Zippable = {};
    for (const [name, content] of this.parts) {
      const tree = this.trees.get(name);
      const stored = name.startsWith('word/media/');
      files[name] = [tree ? strToU8(writeXml(tree)) : content, { level: stored ? 0 : 6 }];
    }
    return Buffer.from(zipSync(files));
  }

  private relations(part: string, make = false): XmlElement | undefined {
    const cut = part.lastIndexOf('/') + 1;
    const name = `${part.slice(0, cut)}_rels/${part.slice(cut)}.rels`;
    if (this.parts.has(name)) return this.tree(name);
    if (!make) return undefined;
    const root = element('Relationships', { xmlns: relationships });
    this.parts.set(name, new Uint8Array());
    this.trees.set(name, root);
    return root;
  }
}

class TooBig extends Error {}

function refused(words: Words): AppError {
  return refusal('invalid_file', words);
}

function resolved(part: string, target: string): string {
  const path = part.split('/').slice(0, -1);
  for (const step of target.split('/')) {
    if (step === '..') path.pop();
    else if (step !== '.') path.push(step);
  }
  return path.join('/');
}
