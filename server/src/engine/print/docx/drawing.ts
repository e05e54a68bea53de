import type { PrintImage } from '../blocks.js';
import { element, type XmlElement } from './xml.js';

/** Length units of drawings in a point. */
export const emuPerPoint = 12_700;

const drawing = 'http://schemas.openxmlformats.org/drawingml/2006';

/** A picture in a line of text. `number` is its own in the document. */
export function pictureRun(relation: string, image: PrintImage, number: number): XmlElement {
  const cx = Math.round(image.width * emuPerPoint);
  const cy = Math.round(image.height * emuPerPoint);
  const name = `图片 ${number}`;
  return element('w:drawing', {}, [
    element('wp:inline', { 'xmlns:wp': `${drawing}/wordprocessingDrawing`, distT: 0, distB: 0, distL: 0, distR: 0 }, [
      element('wp:extent', { cx, cy }),
      element('wp:docPr', { id: number, name }),
      element('a:graphic', { 'xmlns:a': `${drawing}/main` }, [
        element('a:graphicData', { uri: `${drawing}/picture` }, [
          element('pic:pic', { 'xmlns:pic': `${drawing}/picture` }, [
            element('pic:nvPicPr', {}, [element('pic:cNvPr', { id: number, name }), element('pic:cNvPicPr')]),
            element('pic:blipFill', {}, [
              element('a:blip', {
                'xmlns:r': 'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
                'r:embed': relation,
              }),
              element('a:stretch', {}, [element('a:fillRect')]),
            ]),
            element('pic:spPr', {}, [
              element('a:xfrm', {}, [element('a:off', { x: 0, y: 0 }), element('a:ext', { cx, cy })]),
              element('a:prstGeom', { prst: 'rect' }, [element('a:avLst')]),
            ]),
          ]),
        ]),
      ]),
    ]),
  ]);
}
