import { describe, expect, it } from 'vitest';
import { synthesizeTemplates, type Template } from '../../infra/templates.ts';
import { checkProperties, PROPERTIES } from '../../local/stand-ins/properties.ts';

/** Every `type.property` in the templates. */
function inTemplates(templates: Template[]): string[] {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const names = resources.flatMap(({ Type, Properties = {} }) =>
    Object.keys(Properties).map((name) => `${Type}.${name}`),
  );
  return [...new Set(names)].sort();
}

describe('the list of how the local run uses a template', () => {
  const templates = synthesizeTemplates('test');
  const entries = Object.entries(PROPERTIES).flatMap(([type, properties]) =>
    Object.entries(properties).map(([property, use]) => [`${type}.${property}`, use] as const),
  );

  it('has every property of the templates and no other', () => {
    expect(entries.map(([name]) => name).sort()).toEqual(inTemplates(templates));
  });

  it.each(entries)('says that %s is %s', (_, use) => {
    expect(use).toMatch(/^used(: .+; ignored: .{10,})?$|^ignored: .{10,}$/);
  });

  it.each([
    [{ Type: 'AWS::S3::Bucket' }, "One: the local run doesn't know the resource type AWS::S3::Bucket"],
    [
      { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      "One: the local run doesn't know the property FifoQueue of AWS::SQS::Queue",
    ],
  ])('stops at %j', (resource, message) => {
    expect(() => checkProperties([{ Resources: { One: resource } }])).toThrow(message);
  });
});
