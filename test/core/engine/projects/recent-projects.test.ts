import { describe, expect, it } from 'vitest';
import { openRecentProjects } from '../../../../core/engine/projects/recent-projects.ts';
import { filledProject } from '../../../support/filled-project.ts';

describe('the list of projects', () => {
  it('knows how many images an open project has, also where its engine is killed and never closes it', async () => {
    const { client, stateFolder, project } = await filledProject();
    expect(openRecentProjects(stateFolder).list()).toMatchObject([{ images: 3 }]);
    const params = { project };
    const { images } = await client.images.page({ params });
    await client.images.remove({ params, body: { selection: { images: [images[0].id] } } });
    expect(openRecentProjects(stateFolder).list()).toMatchObject([{ images: 2 }]);
  });
});
