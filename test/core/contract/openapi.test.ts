import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { listCommands } from '../../../core/contract/commands.ts';
import { openApiDocument } from '../../../core/contract/openapi.ts';

describe('the OpenAPI document', () => {
  const document = openApiDocument('1.2.3');

  it('is valid', async () => {
    expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
  });

  it('has every command under its name', () => {
    const paths = document['paths'] as Record<string, Record<string, { readonly operationId: string }>>;
    const names = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(names.sort()).toEqual(
      listCommands()
        .map(([name]) => name as string)
        .sort(),
    );
  });

  it('points to nothing that is not there', () => {
    const text = JSON.stringify(document);
    const { schemas } = document['components'] as { readonly schemas: Readonly<Record<string, unknown>> };
    const targets = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect(targets.length).toBeGreaterThan(20);
    expect(targets.filter((target) => !(target in schemas))).toEqual([]);
    expect(text).not.toContain('$defs');
  });
});
