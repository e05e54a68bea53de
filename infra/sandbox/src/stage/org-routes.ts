import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Sandbox } from '../sandbox.js';
import { tellSuites } from '../wecom/suites.js';
import { CONTACT_SYNC_AGENT, type Corp, type Member } from '../wecom/world.js';
import type { XmlNode } from '../wecom/xml.js';
import { ApiError, needApp, needCorp, readBody } from './http.js';

const memberInput = z.strictObject({
  name: z.string().min(1).optional(),
  departments: z.array(z.number().int()).min(1).optional(),
  position: z.string().optional(),
  gender: z.enum(['1', '2']).optional(),
  mobile: z.string().optional(),
  email: z.string().optional(),
  directLeader: z.string().nullable().optional(),
  leads: z.array(z.number().int()).optional(),
});

const departmentInput = z.strictObject({ name: z.string().min(1), parentId: z.number().int() });

const tagInput = z.strictObject({
  name: z.string().min(1),
  userids: z.array(z.string()).default([]),
  parties: z.array(z.number().int()).default([]),
});

/** Changes of people and departments, called back as `change_contact` to the contact-sync assistant (WW/90970, WW/90971). */
export function registerOrgRoutes(server: FastifyInstance, sandbox: Sandbox): void {
  const notify = (corp: Corp, change: XmlNode): void => {
    tellSuites(sandbox.wecom, sandbox.callbacks, corp, change);
    if (!needApp(corp, CONTACT_SYNC_AGENT).callback) return;
    sandbox.callbacks.send(corp.corpId, CONTACT_SYNC_AGENT, {
      ToUserName: corp.corpId,
      FromUserName: 'sys',
      CreateTime: sandbox.clock.seconds(),
      MsgType: 'event',
      Event: 'change_contact',
      ...change,
    });
  };
  const corpOf = (params: unknown): Corp => needCorp(sandbox, z.object({ corpId: z.string() }).parse(params).corpId);
  const checkDepartments = (corp: Corp, ids: number[]): void => {
    const unknown = ids.find((id) => !corp.departments.has(id));
    if (unknown !== undefined) throw new ApiError(400, 'no_department', `没有部门 ${unknown}`);
  };

  server.get('/sandbox/api/corps/:corpId/members', (request) => {
    const corp = corpOf(request.params);
    return { departments: [...corp.departments.values()], members: [...corp.members.values()] };
  });

  server.put('/sandbox/api/corps/:corpId/members/:userid', (request) => {
    const corp = corpOf(request.params);
    const { userid } = z
      .object({ userid: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z_\-.@]{0,63}$/) })
      .parse(request.params);
    const input = readBody(request, memberInput);
    checkDepartments(corp, input.departments ?? []);
    const before = corp.members.get(userid.toLowerCase());
    if (!before && (!input.name || !input.departments))
      throw new ApiError(400, 'invalid', '新成员须有 name 与 departments');
    const blank: Member = {
      userid,
      name: '',
      departments: [],
      position: '',
      gender: '1',
      mobile: '',
      email: '',
      directLeader: null,
      leads: [],
    };
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const member: Member = { ...blank, ...before, ...given };
    corp.members.set(userid.toLowerCase(), member);
    const moved = !before || before.departments.join() !== member.departments.join();
    // New-style callbacks carry ids only, and an update only when departments changed.
    if (moved)
      notify(corp, {
        ChangeType: before ? 'update_user' : 'create_user',
        UserID: member.userid,
        Department: member.departments.join(','),
      });
    sandbox.hub.emit({ kind: 'reset' });
    return member;
  });

  server.delete('/sandbox/api/corps/:corpId/members/:userid', (request) => {
    const corp = corpOf(request.params);
    const { userid } = z.object({ userid: z.string() }).parse(request.params);
    const member = corp.members.get(userid.toLowerCase());
    if (!member) throw new ApiError(404, 'no_person', `「${userid}」不是企业「${corp.name}」的成员`);
    corp.members.delete(userid.toLowerCase());
    notify(corp, { ChangeType: 'delete_user', UserID: member.userid });
    sandbox.hub.emit({ kind: 'reset' });
    return { removed: member.userid };
  });

  server.put('/sandbox/api/corps/:corpId/departments/:id', (request) => {
    const corp = corpOf(request.params);
    const { id } = z.object({ id: z.coerce.number().int().min(1) }).parse(request.params);
    const input = readBody(request, departmentInput);
    if (id !== 1) checkDepartments(corp, [input.parentId]);
    const before = corp.departments.get(id);
    corp.departments.set(id, { id, ...input });
    notify(corp, {
      ChangeType: before ? 'update_party' : 'create_party',
      Id: id,
      Name: input.name,
      ParentId: input.parentId,
    });
    return { id, ...input };
  });

  server.put('/sandbox/api/corps/:corpId/tags/:id', (request) => {
    const corp = corpOf(request.params);
    const { id } = z.object({ id: z.coerce.number().int().min(1) }).parse(request.params);
    const tag = readBody(request, tagInput);
    checkDepartments(corp, tag.parties);
    corp.tags.set(id, tag);
    return { id, ...tag };
  });

  server.delete('/sandbox/api/corps/:corpId/departments/:id', (request) => {
    const corp = corpOf(request.params);
    const { id } = z.object({ id: z.coerce.number().int().min(2) }).parse(request.params);
    if (!corp.departments.has(id)) throw new ApiError(404, 'no_department', `没有部门 ${id}`);
    const busy =
      [...corp.members.values()].some((member) => member.departments.includes(id)) ||
      [...corp.departments.values()].some((each) => each.parentId === id);
    if (busy) throw new ApiError(409, 'not_empty', `部门 ${id} 还有成员或下级部门，先移走`);
    corp.departments.delete(id);
    notify(corp, { ChangeType: 'delete_party', Id: id });
    return { removed: id };
  });
}
