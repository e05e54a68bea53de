import { describe, expect, it } from 'vitest';
import { parseEvent, readEvent } from './event.js';

describe('parseEvent', () => {
  it('reads a press, keeping ids as text', () => {
    const event = parseEvent(`<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[007]]></FromUserName>
<CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>template_card_event</Event><EventKey>approve:1</EventKey>
<TaskId>t-1</TaskId><CardType>button_interaction</CardType><ResponseCode>rc</ResponseCode><AgentID>1000002</AgentID></xml>`);
    expect(event).toEqual({
      ToUserName: 'ww1',
      FromUserName: '007',
      CreateTime: '1700000000',
      MsgType: 'event',
      Event: 'template_card_event',
      EventKey: 'approve:1',
      TaskId: 't-1',
      ResponseCode: 'rc',
    });
  });

  it.each([
    [
      'one question',
      '<SelectedItem><QuestionKey>reason</QuestionKey><OptionIds><OptionId>price</OptionId></OptionIds></SelectedItem>',
      { reason: 'price' },
    ],
    [
      'several',
      '<SelectedItem><QuestionKey>a</QuestionKey><OptionIds><OptionId>1</OptionId><OptionId>2</OptionId></OptionIds></SelectedItem><SelectedItem><QuestionKey>b</QuestionKey><OptionIds></OptionIds></SelectedItem>',
      { a: '1' },
    ],
    ['none', '', undefined],
  ])('reads what was chosen on the card: %s', (_, items, chosen) => {
    const xml = `<xml><FromUserName>007</FromUserName><MsgType>event</MsgType><Event>template_card_event</Event><EventKey>reject:1</EventKey><TaskId>t-1</TaskId><SelectedItems>${items}</SelectedItems></xml>`;
    const event = readEvent(parseEvent(xml));
    expect(event.kind === 'press' && event.chosen).toEqual(chosen);
  });

  it.each([
    ['a document type', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><ToUserName>&a;</ToUserName></xml>'],
    ['an outer entity', '<!doctype xml SYSTEM "file:///etc/passwd"><xml><ToUserName>x</ToUserName></xml>'],
    ['no event', '<html></html>'],
    ['no XML', 'ToUserName=x'],
  ])('refuses %s', (_, xml) => {
    expect(() => parseEvent(xml)).toThrow();
  });
});
