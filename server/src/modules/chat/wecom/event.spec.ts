import { describe, expect, it } from 'vitest';
import { parseEvent } from './event.js';

describe('parseEvent', () => {
  it('reads a press, keeping ids as text', () => {
    const event = parseEvent(`<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[007]]></FromUserName>
<CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>template_card_event</Event><EventKey>approve:1</EventKey>
<TaskId>t-1</TaskId><CardType>button_interaction</CardType><ResponseCode>rc</ResponseCode><AgentID>1000002</AgentID></xml>`);
    expect(event).toEqual({
      ToUserName: 'ww1',
      FromUserName: '007',
      MsgType: 'event',
      Event: 'template_card_event',
      EventKey: 'approve:1',
      TaskId: 't-1',
      ResponseCode: 'rc',
    });
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
